import type { ReactNode } from "react";
import { type Column, cx, TableHead } from "@/components";

interface PastTableProps<T> {
  label: string;
  /** What gives the rows their columns. */
  grid: string;
  columns: readonly Column[];
  rows: readonly T[];
  /** Said when there are none. */
  none: ReactNode;
  cells: (row: T) => readonly ReactNode[];
}

/** Things that happened, newest first, to be read and not to be chosen. */
export function PastTable<T>({ label, grid, columns, rows, none, cells }: PastTableProps<T>) {
  if (rows.length === 0) return <div className="px-5 py-3 text-fg-3">{none}</div>;
  const line = cx("grid items-center gap-x-4 px-5", grid);
  return (
    <div role="table" aria-label={label} aria-rowcount={rows.length + 1} className="pb-3">
      <TableHead grid={line} columns={columns} />
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: what happened has no identity but its place
        <div key={index} role="row" aria-rowindex={index + 2} className={cx(line, "min-h-7 hover:bg-hover")}>
          {cells(row).map((cell, place) => (
            <span
              role="cell"
              key={columns[place]?.title}
              className={cx(
                "min-w-0 truncate",
                columns[place]?.isRight && "text-right",
                columns[place]?.isWide && "narrow:hidden",
              )}
            >
              {cell}
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}
