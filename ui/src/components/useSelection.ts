import { type KeyboardEvent, type MouseEvent, useMemo, useState } from "react";
import { nextRow } from "./grid";
import { everything, extended, NOTHING, toggled, visible } from "./selection";

/** Rows chosen with Ctrl or Shift and a click, with Space, Shift and arrows, or Ctrl+A. `keyOf` must keep its
    identity. */
export function useSelection<Row>(rows: readonly Row[], keyOf: (row: Row) => string) {
  const [chosen, setChosen] = useState(NOTHING);
  const order = useMemo(() => rows.map(keyOf), [rows, keyOf]);
  const selection = visible(chosen, order);
  const selected = useMemo(
    () => rows.filter((row) => selection.keys.has(keyOf(row))),
    [rows, keyOf, selection],
  );
  const clear = () => setChosen(NOTHING);
  const toggle = (key: string) => setChosen(toggled(selection, key));

  /** True when the click chose rows instead of opening one. */
  const onRowClick = (event: MouseEvent, key: string): boolean => {
    if (event.shiftKey) setChosen(extended(selection, key, key, order));
    else if (event.ctrlKey || event.metaKey) toggle(key);
    else return false;
    return true;
  };

  /** True when the key needs no further handling. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    const row = event.target instanceof HTMLElement ? event.target.dataset.row : undefined;
    const at = Number(row);
    const key = order[at];
    if (row === undefined || key === undefined) return false;
    if (event.key === " ") toggle(key);
    else if (event.key === "Escape" && selection.keys.size > 0) clear();
    else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey))
      setChosen(everything(order));
    else {
      const next = event.shiftKey ? nextRow(event.key, at, order.length) : null;
      const target = next === null ? undefined : order[next];
      // The focus moves as it does without Shift.
      if (target !== undefined) setChosen(extended(selection, target, key, order));
      return false;
    }
    event.preventDefault();
    return true;
  };
  return { keys: selection.keys, selected, toggle, clear, onRowClick, onKeyDown };
}

/** What a list needs of it; how the rows are made does not matter there. */
export type RowSelection = Omit<ReturnType<typeof useSelection<unknown>>, "selected">;
