import { ChevronDown, Plus, X } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { Group, Panel, Separator, usePanelRef } from "react-resizable-panels";
import { messages } from "@/messages";
import { cx } from "./cx";
import { IconButton } from "./IconButton";

export interface DockTab {
  id: string;
  title: string;
  icon?: ReactNode;
  content: ReactNode;
}

export interface DockProps {
  tabs: readonly DockTab[];
  activeId: string | null;
  isOpen: boolean;
  onActivate: (id: string) => void;
  onClose: (id: string) => void;
  /** Hides the dock; its tabs stay. */
  onHide: () => void;
  onAdd?: (() => void) | undefined;
  /** At the right of the tab row, for example the round trip. */
  status?: string | undefined;
  /** The page above. */
  children: ReactNode;
}

/** The page, and below it the dock with terminals and logs, which stays while pages change. */
export function Dock({ children, ...dock }: DockProps) {
  const isShown = dock.isOpen && dock.tabs.length > 0;
  const panel = usePanelRef();
  const lastSize = useRef("50%");
  useEffect(() => {
    if (isShown) panel.current?.resize(lastSize.current);
    else panel.current?.collapse();
  }, [isShown, panel]);
  return (
    <Group orientation="vertical" className="min-h-0 grow">
      <Panel id="page" minSize={120} className="flex flex-col">
        {children}
      </Panel>
      <Separator
        aria-label={messages.dock.resize}
        disabled={!isShown}
        className={cx(
          "eased bg-line data-[separator=active]:bg-accent data-[separator=focus]:bg-accent data-[separator=hover]:bg-accent",
          isShown ? "h-px" : "hidden",
        )}
      />
      <Panel
        id="dock"
        panelRef={panel}
        collapsible
        collapsedSize={0}
        defaultSize={isShown ? "50%" : 0}
        minSize={110}
        className={cx("flex flex-col bg-side", !isShown && "hidden!")}
        onResize={({ asPercentage }) => {
          if (isShown && asPercentage > 0) lastSize.current = `${asPercentage}%`;
        }}
      >
        <DockHeader {...dock} />
        {dock.tabs.map((tab) => (
          <section
            key={tab.id}
            id={`dock-${tab.id}`}
            aria-label={tab.title}
            className={cx("min-h-0 grow flex-col", tab.id === dock.activeId ? "flex" : "hidden")}
          >
            {tab.content}
          </section>
        ))}
      </Panel>
    </Group>
  );
}

function DockHeader({
  tabs,
  activeId,
  onActivate,
  onClose,
  onHide,
  onAdd,
  status,
}: Omit<DockProps, "children">) {
  const row = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent, index: number) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = tabs[index + step];
    if (event.key === "Delete") onClose(tabs[index]?.id ?? "");
    if (step === 0 || !next) return;
    event.preventDefault();
    onActivate(next.id);
    row.current?.querySelectorAll<HTMLElement>("[role=tab]")[index + step]?.focus();
  };
  return (
    <div className="flex h-8.5 shrink-0 items-center gap-1 border-b bg-panel px-3">
      <div
        ref={row}
        role="tablist"
        aria-label={messages.dock.name}
        className="flex min-w-0 gap-1 overflow-x-auto"
      >
        {tabs.map((tab, index) => (
          <DockTabView
            key={tab.id}
            tab={tab}
            isActive={tab.id === activeId}
            onActivate={() => onActivate(tab.id)}
            onClose={() => onClose(tab.id)}
            onKeyDown={(event) => move(event, index)}
          />
        ))}
      </div>
      {onAdd && <IconButton label={messages.dock.add} icon={<Plus />} onClick={onAdd} className="h-6" />}
      <span className="ml-auto shrink-0 pr-1 text-fg-3 text-status">{status}</span>
      <IconButton
        label={messages.dock.closeTab}
        icon={<X />}
        className="h-6"
        onClick={() => activeId && onClose(activeId)}
      />
      <IconButton label={messages.dock.hide} icon={<ChevronDown />} onClick={onHide} className="h-6" />
    </div>
  );
}

function DockTabView({
  tab,
  isActive,
  onActivate,
  onClose,
  onKeyDown,
}: {
  tab: DockTab;
  isActive: boolean;
  onActivate: () => void;
  onClose: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}) {
  return (
    <button
      type="button"
      role="tab"
      aria-selected={isActive}
      aria-controls={`dock-${tab.id}`}
      tabIndex={isActive ? 0 : -1}
      onClick={onActivate}
      onAuxClick={onClose}
      onKeyDown={onKeyDown}
      className={cx(
        "eased flex h-6 max-w-60 items-center gap-2 rounded-control px-3 -outline-offset-2!",
        isActive ? "bg-selected font-[550] text-fg" : "text-fg-2 hover:bg-hover",
      )}
    >
      {tab.icon}
      <span className="truncate">{tab.title}</span>
    </button>
  );
}
