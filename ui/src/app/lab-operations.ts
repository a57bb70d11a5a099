/* What is done to labs: a call that fails shows itself, the run it begins is followed to its end. */
import {
  type LabOptions,
  type LabRef,
  type LabVerb,
  type LabView,
  labAutoStop,
  labChange,
  labChangePlan,
  labFavourite,
  labForget,
  labNodeChange,
  labRestore,
  labsRefresh,
  type NodeVerb,
  toFailure,
} from "@/ipc";
import { messages } from "@/messages";
import { openDialog } from "./dialogs";
import { attempt } from "./operations";
import { followRun } from "./run-notices";
import { useCore } from "./store";
import { showToast } from "./toasts";
import { offerUndo } from "./undo";

const words = messages.labs;

export const NO_OPTIONS: LabOptions = { nodes: [], removes_files: false, is_graceful: true };

/** Begins it at once. */
export async function changeLab(lab: LabRef, verb: LabVerb): Promise<void> {
  const started = await attempt(labChange({ lab, verb, options: NO_OPTIONS }));
  if (started) followRun(started.run_id);
}

/** Looks first what it would do: where there is something to mind, a person decides. */
export async function changeLabWithCare(view: LabView, verb: LabVerb): Promise<void> {
  const lab = view.lab_ref;
  const plan = await attempt(labChangePlan({ lab, verb, options: NO_OPTIONS }));
  if (!plan) return;
  if (plan.warnings.length + plan.problems.length > 0) openDialog({ dialog: "change-lab", lab, verb });
  else await changeLab(lab, verb);
}

/** Puts a lab into the tray or takes it from there, which can be undone. */
export async function setLabFavourite(view: LabView, is_favourite: boolean): Promise<void> {
  const { lab_ref: lab } = view;
  if (!(await attempt(labFavourite({ lab, is_favourite })))) return;
  offerUndo(
    (is_favourite ? words.notices.favourite : words.notices.unfavourite)(view.lab.name),
    () => void attempt(labFavourite({ lab, is_favourite: !is_favourite })),
  );
}

/** Forgets where a lab came from, which can be undone; the server is not touched. */
export async function forgetLab(view: LabView): Promise<void> {
  const { lab_ref: lab } = view;
  if (!(await attempt(labForget({ lab })))) return;
  offerUndo(words.notices.forgotten(view.lab.name), () => void attempt(labRestore({ lab })));
}

/** A lab is no longer stopped by itself, which can be undone. */
export async function clearAutoStop({ lab_ref: lab, lab: { name }, auto_stop }: LabView): Promise<void> {
  if (!auto_stop || !(await attempt(labAutoStop({ lab, at: null, after_minutes: null })))) return;
  const { at, after_minutes } = auto_stop;
  const again = after_minutes === null ? { at, after_minutes: null } : { at: null, after_minutes };
  offerUndo(words.notices.noAutoStop(name), () => void attempt(labAutoStop({ lab, ...again })));
}

/** Changes one node; says that it is done, since a server answers only then. */
export async function changeNode(lab: LabRef, node: string, verb: NodeVerb): Promise<boolean> {
  const done = await attempt(labNodeChange({ lab, node, verb }));
  if (done)
    showToast({ id: `node:${node}`, tone: "ok", text: words.notices.node(verb, node), expiresMs: 3000 });
  return done !== undefined;
}

/** Asks all lab servers for their labs now. */
export async function refreshLabs(): Promise<void> {
  const servers = useCore
    .getState()
    .connections.filter(({ labs, state }) => labs !== null && state.state === "connected");
  await Promise.all(servers.map(({ connection }) => attempt(labsRefresh({ connection_id: connection.id }))));
}

/** The same done to several; those that could not begin are named. */
export async function doToLabs(verb: "start" | "stop", views: readonly LabView[]): Promise<void> {
  const refused = await Promise.all(
    views.map(async ({ lab_ref: lab, lab: { name } }) => {
      try {
        followRun((await labChange({ lab, verb, options: NO_OPTIONS })).run_id);
        return [];
      } catch (thrown) {
        return [`${name}: ${toFailure(thrown).message}`];
      }
    }),
  );
  const lines = refused.flat();
  if (lines.length === 0) return;
  showToast({
    id: "labs-bulk-failed",
    tone: "err",
    text: words.bulk.failed(verb, lines.length),
    detail: lines.join("\n"),
  });
}
