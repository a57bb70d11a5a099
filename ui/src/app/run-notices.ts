/* Follows the runs that the person started here, and says how each ended. */
import { type Run, type RunId, toFailure, workspaceStart, workspaceStop } from "@/ipc";
import { messages } from "@/messages";
import { goTo, paths } from "./navigation";
import { useCore } from "./store";
import { dismissToast, showFailure, showToast, type Toast } from "./toasts";
import { offerUndo } from "./undo";

const followed = new Set<RunId>();

/** Says how this run ends. To be called with every run that a button began. */
export function followRun(id: RunId): void {
  followed.add(id);
  dismissNoticeOf(useCore.getState().runs[id]);
  announce(useCore.getState().runs[id]);
}

/** Begins to watch; returns how to stop. */
export function watchRuns(): () => void {
  return useCore.subscribe((state, before) => {
    if (state.runs === before.runs) return;
    for (const id of followed) if (state.runs[id] !== before.runs[id]) announce(state.runs[id]);
  });
}

/** One notice for each thing, so that a later success takes an earlier failure away. */
const noticeId = (run: Run) => `run:${run.subject.connection_id}/${run.subject.name}`;

function dismissNoticeOf(run: Run | undefined): void {
  if (run) dismissToast(noticeId(run));
}

function announce(run: Run | undefined): void {
  if (!run || run.status === "running") return;
  followed.delete(run.id);
  if (run.status === "cancelled") return dismissNoticeOf(run);
  const reverse = run.status === "succeeded" ? reverseOf(run) : null;
  const { verb, subject } = run;
  if (reverse) offerUndo(messages.notices.done(verb, subject.name), reverse, noticeId(run));
  else showToast({ id: noticeId(run), ...noticeOf(run) });
}

function noticeOf(run: Run): Omit<Toast, "id"> {
  const { name } = run.subject;
  const action = { label: messages.notices.show, run: () => goTo(paths.run(run.id)) };
  if (run.status === "succeeded") return { tone: "ok", text: messages.notices.done(run.verb, name), action };
  const detail = run.error ? { detail: messages.sentence(run.error.message) } : {};
  return { tone: "err", text: messages.notices.failed(run.verb, name), ...detail, action };
}

/** Starting and stopping lose nothing: each is undone by the other. */
function reverseOf({ verb, subject }: Run): (() => void) | null {
  const { connection_id, workspace_id } = subject;
  if (workspace_id === null) return null;
  const call = { start: workspaceStop, stop: workspaceStart }[verb];
  if (!call) return null;
  return () => {
    call({ workspace: { connection_id, workspace_id } }).then(
      ({ run_id }) => followRun(run_id),
      (thrown) => showFailure(toFailure(thrown)),
    );
  };
}
