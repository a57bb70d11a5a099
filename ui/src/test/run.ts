/* A run for tests. */
import type { Run } from "@/ipc";

export const aRun = (rest: Partial<Run> = {}): Run => ({
  id: "r1",
  verb: "create",
  subject: {
    connection_id: "forge-1",
    connection_name: "forge-1",
    name: "atlas-exp",
    workspace_id: null,
    lab_id: null,
  },
  status: "running",
  started_at: Date.now() - 13_600,
  ended_at: null,
  steps: [],
  error: null,
  input: {},
  cancel_means: null,
  leftover: null,
  log_lines: 0,
  ...rest,
});
