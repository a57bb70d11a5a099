import { Activity } from "lucide-react";
import { useMemo } from "react";
import { useCore } from "@/app/store";
import { EmptyState } from "@/components";
import type { WorkspaceRef } from "@/ipc";
import { messages } from "@/messages";
import { RunTable } from "./RunTable";
import { runsOf } from "./select";

/** The runs of one workspace, for its page. */
export function RunList({ workspace }: { workspace: WorkspaceRef }) {
  const runs = useCore((state) => state.runs);
  const { connection_id, workspace_id } = workspace;
  const shown = useMemo(
    () => runsOf(Object.values(runs), { connection_id, workspace_id }),
    [runs, connection_id, workspace_id],
  );
  if (shown.length === 0) return <EmptyState icon={<Activity />} {...messages.runs.noneHere} />;
  return <RunTable runs={shown} label={messages.runs.title} />;
}
