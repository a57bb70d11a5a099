/* Which rows of the list are shown, and in which order. */
import type { ConnectionView, WorkspaceView } from "@/ipc";
import { messages } from "@/messages";

export type Segment = "all" | "running" | "mine";

/** Rows by name, then by server. */
export function sortRows(rows: readonly WorkspaceView[]): WorkspaceView[] {
  return [...rows].sort(
    (a, b) =>
      a.workspace.name.localeCompare(b.workspace.name, "en", { numeric: true }) ||
      a.connection_name.localeCompare(b.connection_name, "en", { numeric: true }),
  );
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
  const { workspace } = view;
  const text = [
    workspace.name,
    workspace.branch,
    workspace.image,
    workspace.owner,
    view.connection_name,
    messages.states.workspace[workspace.state],
    ...workspace.ports.map(({ port }) => port),
  ]
    .join("\n")
    .toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
