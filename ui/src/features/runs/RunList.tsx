import { Activity } from "lucide-react";
import { useMemo } from "react";
import { useCore } from "@/app/store";
import { EmptyState } from "@/components";
import type { LabRef, WorkspaceRef } from "@/ipc";
import { messages } from "@/messages";
import { RunTable } from "./RunTable";
import { runsOf, runsOfLab } from "./select";

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

/** The runs of one lab, for its page. */
export function LabRuns({ lab }: { lab: LabRef }) {
  const runs = useCore((state) => state.runs);
  const { connection_id, lab_id } = lab;
  const shown = useMemo(
    () => runsOfLab(Object.values(runs), { connection_id, lab_id }),
    [runs, connection_id, lab_id],
  );
  if (shown.length === 0) return <EmptyState icon={<Activity />} {...messages.runs.noneOfLab} />;
  return <RunTable runs={shown} label={messages.runs.title} />;
}
