import { PageHeader } from "@/components";
import type { RunId, WorkspaceRef } from "@/ipc";

/** All runs. */
export function RunsPage() {
  return <PageHeader title="Runs" />;
}

/** One run: steps at the left, log at the right. */
export function RunDetailPage({ runId }: { runId: RunId }) {
  return <PageHeader title={runId} />;
}

/** The runs of one workspace, for its page. */
export function RunList({ workspace }: { workspace: WorkspaceRef }) {
  return <div data-runs={workspace.workspace_id} />;
}
