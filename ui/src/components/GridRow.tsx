/* One row of a RowGrid, and what rows are made of. */
import { Ellipsis } from "lucide-react";
import type { MouseEvent, ReactNode } from "react";
import { Button } from "./Button";
import { cx } from "./cx";
import { rovingRow } from "./grid";
import type { MenuPlace } from "./Menu";
import { SelectBox } from "./SelectBox";

/** What a RowGrid gives each row: plain values and functions that stay the same, so that a row that is
    memoised is drawn again only when something about it changes. */
export interface GridRowProps<Row> {
  row: Row;
  rowKey: string;
  index: number;
  top: number;
  isActive: boolean;
  isSelected: boolean;
  /** A detail beside the list shows it. */
  isShown: boolean;
  /** Some row is selected: then every row shows its box. */
  selects: boolean;
  /** Its menu is open. */
  hasMenu: boolean;
  onFocus: (index: number) => void;
  onToggle: (key: string) => void;
  onOpen: (row: Row, event: MouseEvent) => void;
  onMenu: (row: Row, place: MenuPlace) => void;
}

/** The frame of a row: focus, selection, click and context menu. */
export function GridRow<Row>({
  of,
  name,
  className,
  children,
}: {
  of: GridRowProps<Row>;
  name: string;
  className: string;
  children: ReactNode;
}) {
  return (
    <div
      {...rovingRow(of.index, of.isActive, of.onFocus)}
      role="row"
      aria-label={name}
      aria-selected={of.isSelected}
      aria-current={of.isShown || undefined}
      data-popup-open={of.hasMenu || undefined}
      onClick={(event) => of.onOpen(of.row, event)}
      onContextMenu={(event) => {
        event.preventDefault();
        of.onMenu(of.row, { x: event.clientX, y: event.clientY });
      }}
      style={{ top: of.top }}
      className={cx(
        className,
        "group eased absolute inset-x-0 h-(--row) border-b -outline-offset-2! contain-strict focus-within:bg-selected data-popup-open:bg-selected",
        of.isSelected || of.isShown ? "bg-selected" : "bg-bg hover:bg-hover",
      )}
    >
      {children}
    </div>
  );
}

/** The first cell: the state, and before it the box that selects the row. */
export function GridStateCell<Row>({
  of,
  select,
  title,
  children,
}: {
  of: GridRowProps<Row>;
  /** The name of the box. */
  select: string;
  title: string;
  children: ReactNode;
}) {
  return (
    <div role="gridcell" className="min-w-0" title={title}>
      <SelectBox
        label={select}
        isSelected={of.isSelected}
        isShown={of.selects}
        onToggle={() => of.onToggle(of.rowKey)}
      />
      {children}
    </div>
  );
}

/** `stop`: clicks inside do not open the row. */
export function GridCell({
  className,
  stop,
  title,
  children,
}: {
  className?: string;
  stop?: boolean;
  title?: string | undefined;
  children: ReactNode;
}) {
  return (
    <div
      role="gridcell"
      title={title}
      className={cx("min-w-0", className)}
      onClick={stop ? (event) => event.stopPropagation() : undefined}
    >
      {children}
    </div>
  );
}

/** A value there is none of. */
export const Nothing = () => <span className="text-fg-3">—</span>;

/** Opens the menu of the row. */
export function RowMenuButton<Row>({ of, label }: { of: GridRowProps<Row>; label: string }) {
  return (
    <Button
      tone="quiet"
      className="w-7 px-0! [&_svg]:size-4!"
      aria-label={label}
      aria-haspopup="menu"
      aria-expanded={of.hasMenu}
      title={label}
      icon={<Ellipsis />}
      tabIndex={of.isActive ? 0 : -1}
      onClick={(event) => of.onMenu(of.row, { button: event.currentTarget })}
    />
  );
}

/** A button of a row that shows only its icon. */
export function RowIconButton(props: {
  label: string;
  title: string;
  icon: ReactNode;
  isActive: boolean;
  onClick: () => void;
}) {
  return (
    <Button
      tone="quiet"
      className="w-7 px-0!"
      aria-label={props.label}
      title={props.title}
      icon={props.icon}
      tabIndex={props.isActive ? 0 : -1}
      onClick={props.onClick}
    />
  );
}

/** Buttons that stand over the end of the row on hover and focus; what they do is always in its menu too. */
export function RowActions({ children }: { children: ReactNode }) {
  return (
    <div
      role="gridcell"
      onClick={(event) => event.stopPropagation()}
      className="pointer-events-none absolute inset-y-0.5 right-0.5 flex items-center gap-0.5 bg-inherit pr-3.5 pl-3 opacity-0 group-focus-within:pointer-events-auto group-focus-within:opacity-100 group-hover:pointer-events-auto group-hover:opacity-100 group-data-popup-open:pointer-events-auto group-data-popup-open:opacity-100"
    >
      {children}
    </div>
  );
}
