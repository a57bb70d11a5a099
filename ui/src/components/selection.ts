/* Which rows are chosen: pure steps over the keys of the rows in the order they are shown. */

export interface Selection {
  keys: ReadonlySet<string>;
  /** Where a range begins: the row that was chosen last without Shift. */
  anchor: string | null;
}

export const NOTHING: Selection = { keys: new Set(), anchor: null };

/** Chooses a row, or no longer. */
export function toggled({ keys }: Selection, key: string): Selection {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return { keys: next, anchor: key };
}

/** Chooses everything from the anchor to this row; `from` stands in where there is no anchor. */
export function extended(
  selection: Selection,
  key: string,
  from: string,
  order: readonly string[],
): Selection {
  const anchor = selection.anchor !== null && order.includes(selection.anchor) ? selection.anchor : from;
  const [a, b] = [order.indexOf(anchor), order.indexOf(key)];
  if (a < 0 || b < 0) return selection;
  return { keys: new Set(order.slice(Math.min(a, b), Math.max(a, b) + 1)), anchor };
}

export const everything = (order: readonly string[]): Selection => ({
  keys: new Set(order),
  anchor: order[0] ?? null,
});

/** Without rows that are not shown any more: nothing is done to what cannot be seen. */
export function visible(selection: Selection, order: readonly string[]): Selection {
  const shown = new Set(order);
  if ([...selection.keys].every((key) => shown.has(key))) return selection;
  return { ...selection, keys: new Set([...selection.keys].filter((key) => shown.has(key))) };
}
