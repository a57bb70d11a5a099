import { type ReactNode, useEffect, useRef, useState } from "react";
import { Group, Panel, Separator, usePanelRef } from "react-resizable-panels";
import { messages } from "@/messages";
import { cx } from "./cx";
import { DockHeader } from "./DockHeader";
import { Splitter } from "./Splitter";

export type DockSide = "left" | "right";

export interface DockTab {
  id: string;
  title: string;
  icon?: ReactNode;
  content: ReactNode;
}

export interface DockProps {
  tabs: readonly DockTab[];
  sideOf: (id: string) => DockSide;
  /** The tab in view on each side. */
  shown: Readonly<Record<DockSide, string | null>>;
  /** The side that was used last: new tabs open there. */
  activeSide: DockSide;
  isOpen: boolean;
  onActivate: (id: string) => void;
  onClose: (id: string) => void;
  /** Moves a tab to the other side. */
  onMove: (id: string) => void;
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
        <Sides {...dock} />
      </Panel>
    </Group>
  );
}

/** One side, or two beside each other. Tabs keep their place in the tree, so that what they show lives on
    when they change sides. */
function Sides(props: Omit<DockProps, "children">) {
  const { tabs, sideOf, shown, activeSide, onActivate, onClose, onMove, onHide, onAdd, status } = props;
  const [share, setShare] = useState(0.5);
  const isSplit = tabs.some(({ id }) => sideOf(id) === "right");
  const header = (side: DockSide) => {
    const own = tabs.filter(({ id }) => sideOf(id) === side);
    return (
      <DockHeader
        side={side}
        tabs={own}
        shownId={shown[side]}
        isSplit={isSplit}
        canMove={side === "right" || own.length > 1}
        onActivate={onActivate}
        onClose={onClose}
        onMove={onMove}
        {...(side === activeSide || !isSplit ? { onAdd, status } : {})}
        {...(side === "right" || !isSplit ? { onHide } : {})}
      />
    );
  };
  const columns = isSplit ? `minmax(0,${share}fr) 1px minmax(0,${1 - share}fr)` : "minmax(0,1fr)";
  return (
    <div
      className="grid min-h-0 grow grid-rows-[auto_minmax(0,1fr)]"
      style={{ gridTemplateColumns: columns }}
    >
      {header("left")}
      {isSplit && (
        <Splitter
          orientation="vertical"
          label={messages.dock.resizeSides}
          className="col-start-2 row-span-2 row-start-1"
          share={share}
          onShare={setShare}
        />
      )}
      {isSplit && header("right")}
      {tabs.map((tab) => {
        const side = sideOf(tab.id);
        return (
          <section
            key={tab.id}
            id={`dock-${tab.id}`}
            aria-label={tab.title}
            onFocusCapture={() => side !== activeSide && onActivate(tab.id)}
            className={cx("row-start-2 min-h-0 min-w-0 flex-col", tab.id === shown[side] ? "flex" : "hidden")}
            style={{ gridColumn: side === "left" ? 1 : 3 }}
          >
            {tab.content}
          </section>
        );
      })}
    </div>
  );
}
