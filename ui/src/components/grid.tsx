/* Keyboard behaviour of lists drawn as grids: one row is in the tab order, arrows move it. */
import { type KeyboardEvent, useEffect, useState } from "react";

const PAGE = 10;

/** Where a key leads from a row; null for keys that do not move. */
export function nextRow(key: string, from: number, count: number): number | null {
  const last = count - 1;
  switch (key) {
    case "ArrowDown":
    case "j":
      return Math.min(from + 1, last);
    case "ArrowUp":
    case "k":
      return Math.max(from - 1, 0);
    case "PageDown":
      return Math.min(from + PAGE, last);
    case "PageUp":
      return Math.max(from - PAGE, 0);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}

interface RovingOptions {
  count: number;
  /** Enter on the row itself. */
  onOpen: (index: number) => void;
  /** Brings a row into view before it is focused (virtual lists). */
  scrollTo?: (index: number) => void;
}

/** Roving focus over `count` rows. Spread `rowProps(index)` on each row, `onKeyDown` on the grid. */
export function useRovingRows({ count, onOpen, scrollTo }: RovingOptions) {
  const [active, setActive] = useState(0);
  const [wantsFocus, setWantsFocus] = useState<HTMLElement | null>(null);
  const current = Math.min(active, Math.max(0, count - 1));

  useEffect(() => {
    if (!wantsFocus) return;
    const frame = requestAnimationFrame(() => {
      wantsFocus.querySelector<HTMLElement>(`[data-row="${current}"]`)?.focus();
      setWantsFocus(null);
    });
    return () => cancelAnimationFrame(frame);
  }, [wantsFocus, current]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const row = event.target instanceof HTMLElement ? event.target.dataset.row : undefined;
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    // The focused row, not the active one: rows move under the focus when the list changes.
    const from = Number(row);
    if (event.key === "Enter") {
      event.preventDefault();
      onOpen(from);
      return;
    }
    const next = nextRow(event.key, from, count);
    if (next === null) return;
    event.preventDefault();
    setActive(next);
    scrollTo?.(next);
    setWantsFocus(event.currentTarget);
  };

  const rowProps = (index: number) => rovingRow(index, index === current, setActive);

  return { active: current, rowProps, onKeyDown, onRowFocus: setActive };
}

/** What a row needs. For rows that draw themselves only when they change: all of it is plain values, and
    `onRowFocus` is always the same function. */
export const rovingRow = (index: number, isActive: boolean, onRowFocus: (index: number) => void) => ({
  role: "row" as const,
  "data-row": index,
  "aria-rowindex": index + 2,
  tabIndex: isActive ? 0 : -1,
  onFocus: () => onRowFocus(index),
});
