/* Two texts beside or below each other, line by line. */
import { diffLines } from "diff";

export interface DiffRow {
  kind: "same" | "added" | "removed";
  text: string;
  /** Line numbers; none where the line is not there. */
  before: number | null;
  after: number | null;
}

/** Lines that belong together: shown, or the same on both sides and far from any change. */
export interface Part {
  isFolded: boolean;
  rows: readonly DiffRow[];
}

/** Lines shown around a change. */
const AROUND = 3;

export function diffRows(before: string, after: string): DiffRow[] {
  let [left, right] = [0, 0];
  return diffLines(ended(before), ended(after)).flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, "")
      .split("\n")
      .map((text): DiffRow => {
        if (added) return { kind: "added", text, before: null, after: ++right };
        if (removed) return { kind: "removed", text, before: ++left, after: null };
        return { kind: "same", text, before: ++left, after: ++right };
      }),
  );
}

/** A last line without its end is no other line than one with it. */
const ended = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n`);

export function partsOf(rows: readonly DiffRow[]): Part[] {
  const isNear = rows.map((_, at) =>
    rows.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ kind }) => kind !== "same"),
  );
  const parts: { isFolded: boolean; rows: DiffRow[] }[] = [];
  rows.forEach((row, at) => {
    const last = parts.at(-1);
    const isFolded = !isNear[at];
    if (last?.isFolded === isFolded) last.rows.push(row);
    else parts.push({ isFolded, rows: [row] });
  });
  return parts;
}

export interface Pair {
  left: DiffRow | null;
  right: DiffRow | null;
}

/** Removed lines at the left of those that took their place. */
export function paired(rows: readonly DiffRow[]): Pair[] {
  const pairs: Pair[] = [];
  let removed: DiffRow[] = [];
  let added: DiffRow[] = [];
  const flush = () => {
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1)
      pairs.push({ left: removed[at] ?? null, right: added[at] ?? null });
    removed = [];
    added = [];
  };
  for (const row of rows) {
    if (row.kind === "removed") removed.push(row);
    else if (row.kind === "added") added.push(row);
    else {
      flush();
      pairs.push({ left: row, right: row });
    }
  }
  flush();
  return pairs;
}
