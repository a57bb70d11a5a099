/* Rows as a grid: virtual, moved through with arrows, opened with Enter or a click, one menu for all. */
import { type MouseEvent, type ReactNode, useEffect, useState } from "react";
import { cx } from "./cx";
import type { GridRowProps } from "./GridRow";
import { nextRow, useRovingRows } from "./grid";
import type { MenuPlace } from "./Menu";
import { useStable } from "./stable";
import { type Column, TableHead } from "./TableHead";
import type { RowSelection } from "./useSelection";
import { useVirtualRows } from "./virtual";

interface RowGridProps<Row> {
  label: string;
  rows: readonly Row[];
  /** Must keep its identity. */
  keyOf: (row: Row) => string;
  rowPx: number;
  /** What gives head and rows their columns. */
  columns: string;
  head: readonly Column[];
  selection: RowSelection;
  onOpen: (row: Row) => void;
  drawRow: (props: GridRowProps<Row>) => ReactNode;
  /** The menu of the row with this key. */
  drawMenu: (key: string, place: MenuPlace, onClose: () => void) => ReactNode;
  /** The row whose detail is open beside the list: the detail follows the arrows, Escape closes it. */
  shown?: { key: string; follow: (row: Row) => void; close: () => void } | undefined;
  footer?: ReactNode;
  className?: string | undefined;
  height?: string | undefined;
}

export function RowGrid<Row>(props: RowGridProps<Row>) {
  const { rows, keyOf, selection, shown, drawMenu } = props;
  const { scroller, virtual } = useVirtualRows(rows, keyOf, props.rowPx);
  const [menu, setMenu] = useState<{ key: string; place: MenuPlace } | null>(null);
  const roving = useRovingRows({
    count: rows.length,
    onOpen: (index) => {
      const row = rows[index];
      if (row !== undefined) props.onOpen(row);
    },
    scrollTo: (index) => virtual.scrollToIndex(index),
  });
  const shownAt = shown ? rows.findIndex((row) => keyOf(row) === shown.key) : -1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is brought into sight once, and may be scrolled away then
  useEffect(() => {
    if (shownAt < 0) return;
    roving.onRowFocus(shownAt);
    // Beside a detail the list is lower than it was.
    const frame = requestAnimationFrame(() => virtual.scrollToIndex(shownAt));
    return () => cancelAnimationFrame(frame);
  }, [shown?.key]);

  const follow = (key: string, target: EventTarget) => {
    const from = target instanceof HTMLElement ? Number(target.dataset.row ?? "none") : Number.NaN;
    const next = Number.isNaN(from) ? null : nextRow(key, from, rows.length);
    const row = next === null ? undefined : rows[next];
    if (row !== undefined) shown?.follow(row);
  };
  const onToggle = useStable(selection.toggle);
  const onOpen = useStable((row: Row, event: MouseEvent) => {
    if (!selection.onRowClick(event, keyOf(row))) props.onOpen(row);
  });
  const onMenu = useStable((row: Row, place: MenuPlace) => {
    const isOpen = menu && "button" in menu.place && "button" in place && menu.place.button === place.button;
    setMenu(isOpen ? null : { key: keyOf(row), place });
  });
  return (
    <div
      ref={scroller}
      className={cx("@container min-h-0 overflow-y-auto", props.className)}
      style={{ height: props.height }}
    >
      <div
        role="grid"
        aria-label={props.label}
        aria-rowcount={rows.length + 1}
        aria-colcount={props.head.length}
        aria-multiselectable
        tabIndex={-1}
        onKeyDown={(event) => {
          if (selection.onKeyDown(event)) return;
          if (event.key === "Escape") shown?.close();
          roving.onKeyDown(event);
          if (!event.shiftKey) follow(event.key, event.target);
        }}
      >
        <TableHead grid={props.columns} columns={props.head} />
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            const rowKey = keyOf(row);
            return props.drawRow({
              row,
              rowKey,
              index: item.index,
              top: item.start,
              isActive: item.index === roving.active,
              isSelected: selection.keys.has(rowKey),
              isShown: rowKey === shown?.key,
              selects: selection.keys.size > 0,
              hasMenu: rowKey === menu?.key,
              onFocus: roving.onRowFocus,
              onToggle,
              onOpen,
              onMenu,
            });
          })}
        </div>
      </div>
      {props.footer}
      {menu && drawMenu(menu.key, menu.place, () => setMenu(null))}
    </div>
  );
}
