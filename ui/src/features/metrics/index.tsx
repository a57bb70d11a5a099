import { Card } from "@/components";
import type { WorkspaceRef } from "@/ipc";

/** Charts of the last quarter of an hour. */
export function MetricsView({ workspace }: { workspace: WorkspaceRef }) {
  return <div data-metrics={workspace.workspace_id} />;
}

/** CPU, memory and network at this moment, as a card. */
export function NowCard({ workspace }: { workspace: WorkspaceRef }) {
  return (
    <Card title="Now" aside="15 min">
      <div data-metrics={workspace.workspace_id} />
    </Card>
  );
}

const NONE: readonly number[] = [];

/** CPU percent of the last minutes, oldest first; empty while nothing is known. */
export function useCpuSparkline(_workspace: WorkspaceRef): readonly number[] {
  return NONE;
}
