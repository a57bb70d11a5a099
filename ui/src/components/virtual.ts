import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef } from "react";

/** The height of a TableHead. */
const HEAD_PX = 32;

/** Rows of which only those in sight are drawn. `scroller` goes to what scrolls; `keyOf` must keep its
    identity. */
export function useVirtualRows<Row>(rows: readonly Row[], keyOf: (row: Row) => string, rowPx: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const getItemKey = useCallback(
    (index: number) => {
      const row = rows[index];
      return row ? keyOf(row) : index;
    },
    [rows, keyOf],
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey,
    overscan: 12,
    // The head of the table stands before the rows and stays in sight.
    scrollPaddingEnd: HEAD_PX,
    initialRect: { width: 1000, height: 700 },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height means another place for every row
  useEffect(() => virtual.measure(), [rowPx]);
  return { scroller, virtual };
}
