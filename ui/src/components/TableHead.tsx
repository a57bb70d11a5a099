import { cx } from "./cx";

export interface Column {
  title: string;
  /** Not there in narrow windows. */
  isWide?: boolean;
  /** Not there where the list has little room; the list has to be a container. */
  leaves?: "tight" | "tighter" | "tightest";
  isRight?: boolean;
  /** For ears only, above a column of buttons. */
  isHidden?: boolean;
}

/** The first row of a grid; it stays in sight. `grid` is what gives the rows their columns. */
export function TableHead({ grid, columns }: { grid: string; columns: readonly Column[] }) {
  return (
    <div
      role="row"
      aria-rowindex={1}
      tabIndex={-1}
      className={cx(grid, "sticky top-0 z-10 h-8 shrink-0 border-b bg-bg text-fg-3 text-small")}
    >
      {columns.map(({ title, isWide, leaves, isRight, isHidden }) => (
        <span
          key={title}
          role="columnheader"
          className={
            cx(
              isRight && "text-right",
              isWide && "narrow:hidden",
              leaves === "tight" && "tight:hidden",
              leaves === "tighter" && "tighter:hidden",
              leaves === "tightest" && "tightest:hidden",
            ) || undefined
          }
        >
          {isHidden ? <span className="sr-only">{title}</span> : title}
        </span>
      ))}
    </div>
  );
}
