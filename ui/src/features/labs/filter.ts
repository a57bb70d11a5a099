/* Which labs of the list are shown, and in which order. */
import { labStatus } from "@/app/status";
import { labKey } from "@/app/store";
import type { LabView } from "@/ipc";

export type Whose = "all" | "mine";
export type StateGroup = "any" | "running" | "busy" | "down" | "wrong";

const { compare } = new Intl.Collator("en", { numeric: true });

export const keyOf = ({ lab_ref }: LabView): string => labKey(lab_ref);

/** By name, then by server. */
export const sortRows = (rows: readonly LabView[]): LabView[] =>
  [...rows].sort((a, b) => compare(a.lab.name, b.lab.name) || compare(a.connection_name, b.connection_name));

export function isOf({ lab, stale_since }: LabView, group: StateGroup): boolean {
  switch (group) {
    case "any":
      return true;
    case "running":
      return stale_since === null && (lab.state === "running" || lab.state === "partly");
    case "busy":
      return lab.state === "starting" || lab.state === "stopping";
    case "down":
      return lab.state === "created" || lab.state === "stopped";
    case "wrong":
      return stale_since !== null || ["failed", "partly", "unknown"].includes(lab.state);
  }
}

/** Whether every word of the query stands somewhere in the row. */
export function matches(view: LabView, query: string): boolean {
  const { lab, origin } = view;
  const text = [
    lab.name,
    view.connection_name,
    lab.owner,
    lab.instance,
    lab.path,
    origin?.template_name,
    labStatus({ ...view, stale_since: null }, 0).word,
  ]
    .join("\n")
    .toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
