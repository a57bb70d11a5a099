/* Which rows of the list are shown, and in which order. */
import { workspaceKey } from "@/app/store";
import type { ConnectionView, WorkspaceView } from "@/ipc";
import { messages } from "@/messages";

export type Segment = "all" | "running" | "mine";

/** Made once: comparing with a new one each time takes longer than the sorting. */
const { compare } = new Intl.Collator("en", { numeric: true });

interface Place {
  name: string;
  server: string;
  at: number;
}

/** The order of the last sorting. Rows change far more often than their names, so it mostly still holds. */
let places = new Map<string, Place>();

/** Rows by name, then by server. */
export function sortRows(rows: readonly WorkspaceView[]): WorkspaceView[] {
  const found = rows.map((view) => {
    const place = places.get(workspaceKey(view.workspace_ref));
    const isSame = place?.name === view.workspace.name && place.server === view.connection_name;
    return { view, at: isSame ? place.at : -1 };
  });
  if (found.every(({ at }) => at >= 0)) return found.sort((a, b) => a.at - b.at).map(({ view }) => view);
  const sorted = [...rows].sort(
    (a, b) => compare(a.workspace.name, b.workspace.name) || compare(a.connection_name, b.connection_name),
  );
  places = new Map(
    sorted.map(({ workspace_ref, workspace: { name }, connection_name: server }, at) => [
      workspaceKey(workspace_ref),
      { name, server, at },
    ]),
  );
  return sorted;
}

export const isRunning = ({ workspace, stale_since }: WorkspaceView): boolean =>
  stale_since === null && workspace.state === "running";

/** Made by l8s or Moorline, and not by somebody else. */
export function isMine({ workspace }: WorkspaceView, connection: ConnectionView | undefined): boolean {
  if (!workspace.is_managed) return false;
  return workspace.owner === null || workspace.owner === connection?.ssh_host?.user;
}

/** Whether every word of the query stands somewhere in the row. */
export function matches(view: WorkspaceView, query: string): boolean {
  const text = textOf(view);
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** What was looked through once stands here for the next key; a row that changes is another row. */
const texts = new WeakMap<WorkspaceView, string>();

function textOf(view: WorkspaceView): string {
  const known = texts.get(view);
  if (known !== undefined) return known;
  const { workspace } = view;
  const parts = [
    workspace.name,
    workspace.branch,
    workspace.image,
    workspace.owner,
    view.connection_name,
    messages.states.workspace[workspace.state],
    ...workspace.ports.map(({ port }) => port),
  ];
  const text = parts.join("\n").toLowerCase();
  texts.set(view, text);
  return text;
}
