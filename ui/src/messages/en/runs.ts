/* Words of runs. */
import type { RunStatus, StepStatus } from "@/ipc";

const VERBS: Record<string, string> = {
  create: "Create",
  rebuild: "Rebuild",
  restore: "Bring back",
  start: "Start",
  stop: "Stop",
  restart: "Restart",
  rename: "Rename",
  remove: "Remove",
  "set up": "Set up",
  "git push": "Push to",
  "git pull": "Pull from",
  "git fetch": "Fetch from",
  "git setup": "Set git up in",
};

const DOING: Record<string, string> = {
  create: "creating",
  rebuild: "rebuilding",
  restore: "bringing back",
  start: "starting",
  stop: "stopping",
  restart: "restarting",
  rename: "renaming",
  remove: "removing",
  "set up": "setting up",
  "git push": "pushing to",
  "git pull": "pulling from",
  "git fetch": "fetching from",
  "git setup": "setting git up in",
};

const STATUS: Record<RunStatus, string> = {
  running: "Running",
  succeeded: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
  interrupted: "Interrupted",
};

const STEP: Record<StepStatus, string> = {
  waiting: "waiting",
  running: "running",
  succeeded: "done",
  failed: "failed",
  skipped: "skipped",
};

export const runs = {
  title: "Runs",
  verb: (verb: string) => VERBS[verb] ?? verb,
  subject: (verb: string, name: string) => `${VERBS[verb] ?? verb} ${name}`,
  status: STATUS,
  step: STEP,
  on: (server: string) => `on ${server}`,
  columns: { status: "Status", run: "Run", server: "Server", started: "Started", duration: "Duration" },
  filter: "Filter runs",
  statusFilter: "Runs by status",
  all: "All",
  running: "Running",
  failed: "Failed",
  none: {
    title: "No runs yet",
    text: "Everything Moorline does on a server is recorded here, step by step.",
  },
  noneHere: { title: "No runs yet", text: "What is done to this workspace is recorded here." },
  noMatch: { title: "No run matches", text: "No run has these words and this status." },
  clearFilter: "Clear filter",
  gone: "This run is not known any more.",
  toRuns: "Show all runs",
  loading: "Loading the run…",
  steps: "Steps",
  noSteps: "Its steps are not known yet.",
  cancel: "Cancel…",
  cancelTitle: (verb: string, name: string) => `Cancel ${DOING[verb] ?? verb} ${name}?`,
  keepRunning: "Keep running",
  cancelRun: "Cancel run",
  retry: "Retry",
  openWorkspace: "Open workspace",
  interrupted: (server: string): string =>
    `Moorline ended while this ran. What was done on ${server} until then stays there; the rest was not done.`,
  interruptedHint: "Look at the last step, then retry.",
  leftover: (name: string, server: string) => `${name} was left half-made on ${server}.`,
  removeLeftover: (name: string) => `Remove ${name}…`,
  removeTitle: (name: string, server: string) => `Remove ${name} from ${server}?`,
  removeLead: (name: string) => `Removes the half-made ${name} from the server. Its volumes are kept.`,
  remove: (name: string) => `Remove ${name}`,
  aside: (name: string, server: string) =>
    `The old container of ${name} is still on ${server}, put aside by this rebuild.`,
  bringBack: "Bring the old one back",
  keepNew: "Keep the new one…",
  keepTitle: (name: string) => `Keep the new ${name}?`,
  keepLead: (name: string, server: string) =>
    `Removes the old container of ${name} from ${server}. Its volumes stay: the new one uses them.`,
  keep: "Remove the old container",
};
