import { ChevronDown, Columns2, PanelLeftClose, Plus, X } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import { messages } from "@/messages";
import { cx } from "./cx";
import type { DockSide, DockTab } from "./Dock";
import { IconButton } from "./IconButton";

export interface DockHeaderProps {
  side: DockSide;
  tabs: readonly DockTab[];
  shownId: string | null;
  isSplit: boolean;
  /** The tabs can be shown side by side, or this one moved to the other side. */
  canMove: boolean;
  onActivate: (id: string) => void;
  onClose: (id: string) => void;
  onMove: (id: string) => void;
  onAdd?: (() => void) | undefined;
  onHide?: (() => void) | undefined;
  status?: string | undefined;
}

const words = messages.dock;

/** The row of tabs above one side of the dock. */
export function DockHeader(props: DockHeaderProps) {
  const { side, tabs, shownId, isSplit, canMove, onActivate, onClose, onMove, onAdd, onHide, status } = props;
  const row = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = tabs[index + step];
    if (event.key === "Delete") onClose(tabs[index]?.id ?? "");
    if (step === 0 || !next) return;
    event.preventDefault();
    onActivate(next.id);
    row.current?.querySelectorAll<HTMLElement>("[role=tab]")[index + step]?.focus();
  };
  const name = isSplit ? (side === "left" ? words.left : words.right) : words.name;
  return (
    <div
      className="row-start-1 flex h-8.5 min-w-0 items-center gap-1 border-b bg-panel px-3"
      style={{ gridColumn: side === "left" ? 1 : 3 }}
    >
      <div ref={row} role="tablist" aria-label={name} className="flex min-w-0 gap-1 overflow-x-auto">
        {tabs.map((tab, index) => (
          <TabButton
            key={tab.id}
            tab={tab}
            isActive={tab.id === shownId}
            onActivate={() => onActivate(tab.id)}
            onClose={() => onClose(tab.id)}
            onKeyDown={(event) => onKeyDown(event, index)}
          />
        ))}
      </div>
      {onAdd && <IconButton label={words.add} icon={<Plus />} onClick={onAdd} className="h-6" />}
      <span className="ml-auto shrink-0 truncate pr-1 text-fg-3 text-status">{status}</span>
      {canMove && shownId !== null && (
        <IconButton
          label={isSplit ? words.moveAcross : words.split}
          icon={isSplit && side === "right" ? <PanelLeftClose /> : <Columns2 />}
          className="h-6"
          onClick={() => onMove(shownId)}
        />
      )}
      <IconButton
        label={words.closeTab}
        icon={<X />}
        className="h-6"
        onClick={() => shownId !== null && onClose(shownId)}
      />
      {onHide && <IconButton label={words.hide} icon={<ChevronDown />} onClick={onHide} className="h-6" />}
    </div>
  );
}

interface TabButtonProps {
  tab: DockTab;
  isActive: boolean;
  onActivate: () => void;
  onClose: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

function TabButton({ tab, isActive, onActivate, onClose, onKeyDown }: TabButtonProps) {
  return (
    <button
      type="button"
      role="tab"
      aria-selected={isActive}
      aria-controls={`dock-${tab.id}`}
      tabIndex={isActive ? 0 : -1}
      title={tab.title}
      onClick={onActivate}
      onAuxClick={(event) => event.button === 1 && onClose()}
      onKeyDown={onKeyDown}
      className={cx(
        "eased flex h-6 min-w-24 max-w-60 items-center gap-2 rounded-control px-3 -outline-offset-2!",
        isActive ? "bg-selected font-[550] text-fg" : "text-fg-2 hover:bg-hover",
      )}
    >
      {tab.icon}
      <span className="truncate">{tab.title}</span>
    </button>
  );
}
