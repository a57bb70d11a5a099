/* Which fields stand side by side. */
import type { Field } from "@/ipc";

const MOST_IN_A_ROW = 3;

/** Short fields that follow each other share a row. */
export function fieldRows(fields: readonly Field[]): Field[][] {
  const rows: Field[][] = [];
  for (const field of fields) {
    const row = rows.at(-1);
    const isJoined = row?.every(isShort) && isShort(field) && row.length < MOST_IN_A_ROW;
    if (row && isJoined) row.push(field);
    else rows.push([field]);
  }
  return rows;
}

/** The widths of a row's columns: a choice needs more room than a number. */
export const rowColumns = (row: readonly Field[]): string =>
  row.map(({ kind }) => (kind.type === "choice" ? "minmax(0, 1.5fr)" : "minmax(0, 1fr)")).join(" ");

function isShort({ kind }: Field): boolean {
  switch (kind.type) {
    case "choice":
    case "number":
    case "port":
      return true;
    case "text":
    case "file":
    case "secret":
    case "ssh_host":
    case "ports":
    case "environment":
    case "switch":
      return false;
  }
}
