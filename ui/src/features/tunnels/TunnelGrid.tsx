/* The rows as a grid: virtual, moved through with arrows; Enter or a click shows one below. */
import { type MouseEvent, useEffect, useState } from "react";
import { useRowHeight } from "@/app/density";
import { goTo, history, paths } from "@/app/navigation";
import { useTunnel } from "@/app/store";
import { tunnelMenu } from "@/app/tunnel-actions";
import {
  cx,
  type MenuPlace,
  nextRow,
  PlacedMenu,
  type RowSelection,
  TableHead,
  useRovingRows,
  useStable,
  useVirtualRows,
} from "@/components";
import type { TunnelId, TunnelView } from "@/ipc";
import { messages } from "@/messages";
import { keyOf } from "./filter";
import { COLUMNS, TunnelRow } from "./TunnelRow";

const words = messages.tunnels;

export function TunnelGrid({
  rows,
  selection,
  shown,
  className,
  height,
}: {
  rows: readonly TunnelView[];
  selection: RowSelection;
  /** The one whose detail is open. */
  shown: TunnelId | undefined;
  className?: string;
  height?: string | undefined;
}) {
  const { scroller, virtual } = useVirtualRows(rows, keyOf, useRowHeight());
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const open = (view: TunnelView | undefined) => view && goTo(paths.tunnel(view.tunnel.id));
  const roving = useRovingRows({
    count: rows.length,
    onOpen: (index) => open(rows[index]),
    scrollTo: (index) => virtual.scrollToIndex(index),
  });
  const shownAt = rows.findIndex(({ tunnel }) => tunnel.id === shown);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is brought into sight once, and may be scrolled away then
  useEffect(() => {
    if (shownAt < 0) return;
    roving.onRowFocus(shownAt);
    // Beside a detail the list is lower than it was.
    const frame = requestAnimationFrame(() => virtual.scrollToIndex(shownAt));
    return () => cancelAnimationFrame(frame);
  }, [shown]);

  /** While a detail is open, it shows what the arrows lead to. */
  const follow = (key: string, target: EventTarget) => {
    const from = target instanceof HTMLElement ? Number(target.dataset.row ?? "none") : Number.NaN;
    const next = Number.isNaN(from) ? null : nextRow(key, from, rows.length);
    const view = next === null ? undefined : rows[next];
    if (view && shown !== undefined) history.replace(paths.tunnel(view.tunnel.id));
  };
  const onToggle = useStable(selection.toggle);
  const onOpen = useStable((view: TunnelView, event: MouseEvent) => {
    if (!selection.onRowClick(event, view.tunnel.id)) open(view);
  });
  const onMenu = useStable(({ tunnel }: TunnelView, place: MenuPlace) => {
    const isOpen = menu && "button" in menu.place && "button" in place && menu.place.button === place.button;
    setMenu(isOpen ? null : { id: tunnel.id, place });
  });
  return (
    <div ref={scroller} className={cx("@container min-h-0 overflow-y-auto", className)} style={{ height }}>
      <div
        role="grid"
        aria-label={words.title}
        aria-rowcount={rows.length + 1}
        aria-colcount={8}
        aria-multiselectable
        tabIndex={-1}
        onKeyDown={(event) => {
          if (selection.onKeyDown(event)) return;
          if (event.key === "Escape" && shown !== undefined) goTo(paths.tunnels());
          roving.onKeyDown(event);
          if (!event.shiftKey) follow(event.key, event.target);
        }}
      >
        <TableHead grid={COLUMNS} columns={HEAD} />
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const view = rows[item.index];
            if (!view) return null;
            const { id } = view.tunnel;
            return (
              <TunnelRow
                key={item.key}
                view={view}
                index={item.index}
                top={item.start}
                isActive={item.index === roving.active}
                isSelected={selection.keys.has(id)}
                isShown={id === shown}
                selects={selection.keys.size > 0}
                hasMenu={id === menu?.id}
                onFocus={roving.onRowFocus}
                {...{ onToggle, onOpen, onMenu }}
              />
            );
          })}
        </div>
      </div>
      {menu && <RowMenu menu={menu} onClose={() => setMenu(null)} />}
    </div>
  );
}

interface OpenMenu {
  id: TunnelId;
  place: MenuPlace;
}

/** The menu of whichever row was asked for it. */
function RowMenu({ menu: { id, place }, onClose }: { menu: OpenMenu; onClose: () => void }) {
  const view = useTunnel(id);
  return view ? <PlacedMenu place={place} groups={tunnelMenu(view)} onClose={onClose} /> : null;
}

const HEAD = [
  { title: words.columns.state },
  { title: words.columns.name },
  { title: words.columns.ends },
  { title: words.columns.through },
  { title: words.columns.roundTrip, leaves: "tighter" as const },
  { title: words.columns.traffic, leaves: "tight" as const },
  { title: words.columns.strip, leaves: "tightest" as const },
];
