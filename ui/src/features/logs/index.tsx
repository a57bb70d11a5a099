import type { WorkspaceRef } from "@/ipc";

/** Follows a workspace's log. */
export function LogView({ workspace }: { workspace: WorkspaceRef }) {
  return <div data-log={workspace.workspace_id} />;
}
