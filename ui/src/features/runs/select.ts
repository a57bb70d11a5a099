/* Which runs a list shows, and in which order. */
import type { LabRef, Run, RunStatus, WorkspaceRef } from "@/ipc";

export interface RunFilter {
  search: string;
  status: RunStatus | null;
}

/** Newest first, those that match; every word must be somewhere in the run. */
export function matchingRuns(runs: readonly Run[], filter: RunFilter): Run[] {
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
  return newestFirst(
    runs.filter((run) => {
      if (filter.status !== null && run.status !== filter.status) return false;
      const text = textOf(run);
      return words.every((word) => text.includes(word));
    }),
  );
}

/** The runs of one workspace, newest first. */
export function runsOf(runs: readonly Run[], workspace: WorkspaceRef): Run[] {
  return newestFirst(
    runs.filter(
      ({ subject }) =>
        subject.connection_id === workspace.connection_id && subject.workspace_id === workspace.workspace_id,
    ),
  );
}

/** The runs of one lab, newest first. */
export const runsOfLab = (runs: readonly Run[], { connection_id, lab_id }: LabRef): Run[] =>
  newestFirst(
    runs.filter(({ subject }) => subject.connection_id === connection_id && subject.lab_id === lab_id),
  );

const newestFirst = (runs: readonly Run[]): Run[] => [...runs].sort((a, b) => b.started_at - a.started_at);

const textOf = ({ verb, subject, error }: Run): string =>
  [verb, subject.name, subject.connection_name, error?.message].join(" ").toLowerCase();
