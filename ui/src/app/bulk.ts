/* The same thing done to several workspaces: one run each, a few at a time, stopped by one cancel. */
import { create } from "zustand";
import {
  type Run,
  type RunId,
  type RunStarted,
  runCancel,
  toFailure,
  type WorkspaceView,
  workspaceStart,
  workspaceStop,
} from "@/ipc";
import { messages } from "@/messages";
import { goTo, paths } from "./navigation";
import { useCore } from "./store";
import { showToast } from "./toasts";
import { offerUndo } from "./undo";

export type BulkVerb = "start" | "stop";

export interface BulkJob {
  verb: BulkVerb;
  total: number;
  /** Ended, well or not. */
  done: number;
  isCancelled: boolean;
}

export const useBulk = create<{ job: BulkJob | null }>(() => ({ job: null }));

/** Servers take few at once; the rest waits here, where it can still be cancelled. */
const AT_ONCE = 4;

type Outcome = "done" | "failed" | "skipped";

const CALLS: Record<BulkVerb, (view: WorkspaceView) => Promise<RunStarted>> = {
  start: ({ workspace_ref: workspace }) => workspaceStart({ workspace }),
  stop: ({ workspace_ref: workspace }) => workspaceStop({ workspace }),
};

/** Begins; a second one waits for nobody and is refused while one goes on. */
export async function startBulk(verb: BulkVerb, views: readonly WorkspaceView[]): Promise<void> {
  if (useBulk.getState().job || views.length === 0) return;
  useBulk.setState({ job: { verb, total: views.length, done: 0, isCancelled: false } });
  const outcomes = new Map<WorkspaceView, Outcome>();
  const waiting = [...views];
  const worker = async () => {
    for (let view = waiting.shift(); view; view = waiting.shift()) {
      outcomes.set(view, isCancelled() ? "skipped" : await one(verb, view));
      useBulk.setState(({ job }) => ({ job: job && { ...job, done: job.done + 1 } }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, views.length) }, worker));
  running.clear();
  useBulk.setState({ job: null });
  report(verb, outcomes);
}

/** Begins no further one, and cancels those that run. What a server has begun, it may still finish. */
export function cancelBulk(): void {
  useBulk.setState(({ job }) => ({ job: job && { ...job, isCancelled: true } }));
  for (const run_id of running) runCancel({ run_id }).catch(() => {});
}

const isCancelled = () => useBulk.getState().job?.isCancelled !== false;
const running = new Set<RunId>();

async function one(verb: BulkVerb, view: WorkspaceView): Promise<Outcome> {
  try {
    const { run_id } = await CALLS[verb](view);
    running.add(run_id);
    if (isCancelled()) runCancel({ run_id }).catch(() => {});
    const run = await ended(run_id);
    running.delete(run_id);
    if (run.status === "succeeded") return "done";
    return run.status === "cancelled" ? "skipped" : "failed";
  } catch (thrown) {
    showToast({
      id: `bulk:${view.workspace_ref.workspace_id}`,
      tone: "err",
      text: messages.notices.failed(verb, view.workspace.name),
      detail: messages.sentence(toFailure(thrown).message),
    });
    return "failed";
  }
}

/** Waits for the end of a run; the core ends every run within the hour. */
function ended(id: RunId): Promise<Run> {
  return new Promise((resolve) => {
    const look = () => {
      const run = useCore.getState().runs[id];
      if (!run || run.status === "running") return;
      stop();
      resolve(run);
    };
    const stop = useCore.subscribe(look);
    look();
  });
}

function report(verb: BulkVerb, outcomes: ReadonlyMap<WorkspaceView, Outcome>): void {
  const of = (wanted: Outcome) =>
    [...outcomes].filter(([, outcome]) => outcome === wanted).map(([view]) => view);
  const [done, failed, skipped] = [of("done"), of("failed"), of("skipped")];
  const text = messages.bulk.result(verb, done.length, skipped.length);
  if (done.length > 0) {
    const reverse: BulkVerb = verb === "stop" ? "start" : "stop";
    offerUndo(text, () => void startBulk(reverse, done), "bulk");
  } else if (skipped.length > 0) showToast({ id: "bulk", tone: "info", text, expiresMs: 5000 });
  if (failed.length === 0) return;
  const names = failed.map(({ workspace }) => workspace.name);
  showToast({
    id: "bulk-failed",
    tone: "err",
    text: messages.bulk.failed(verb, names.length),
    detail: names.join(", "),
    action: { label: messages.notices.show, run: () => goTo(paths.runs()) },
  });
}
