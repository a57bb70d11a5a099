/* Which tunnels of the list are shown, and in which order. */
import { tunnelStatus } from "@/app/status";
import { endsOf, pointText, thereText, throughOf } from "@/app/tunnels";
import type { TunnelView } from "@/ipc";

const { compare } = new Intl.Collator("en", { numeric: true });

export const keyOf = ({ tunnel }: TunnelView): string => tunnel.id;

/** By name. */
export const sortRows = (rows: readonly TunnelView[]): TunnelView[] =>
  [...rows].sort((a, b) => compare(a.tunnel.name, b.tunnel.name));

/** Whether every word of the query stands somewhere in the row. */
export function matches(view: TunnelView, query: string): boolean {
  const { here, there } = endsOf(view);
  const text = [
    view.tunnel.name,
    pointText(here),
    there && pointText(there),
    thereText(view),
    throughOf(view),
    view.tunnel.route.kind,
    tunnelStatus(view.state, 0).word,
  ]
    .join("\n")
    .toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
