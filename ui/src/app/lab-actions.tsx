/* What can be done to a lab. Row buttons, menus, the page and the palette all read it. */
import {
  Activity,
  AlarmClock,
  AlarmClockOff,
  Copy,
  Download,
  EyeOff,
  GitCompareArrows,
  Link,
  Play,
  RotateCcw,
  RotateCw,
  Square,
  Star,
  StarOff,
  Trash2,
} from "lucide-react";
import type { ReactNode } from "react";
import type { MenuGroups } from "@/components";
import type { ConnectionView, LabState, LabVerb, LabView } from "@/ipc";
import { messages } from "@/messages";
import { openDialog } from "./dialogs";
import { changeLab, changeLabWithCare, clearAutoStop, forgetLab, setLabFavourite } from "./lab-operations";
import { copyLink } from "./links";
import { goTo, paths } from "./navigation";
import { useCore } from "./store";
import { showToast } from "./toasts";
import type { Possible } from "./workspace-actions";

type Server = ConnectionView | undefined;

export interface LabAction {
  /** For example "lab.stop". */
  id: string;
  title: string;
  icon: ReactNode;
  /** Actions of one group stand together in menus. */
  group: number;
  isDanger?: boolean;
  when: (view: LabView, server: Server) => Possible;
  run: (view: LabView) => void;
}

const words = messages.labs.actions;

/** In which states a verb makes sense. */
const STATES: Record<LabVerb, readonly LabState[]> = {
  validate: [],
  create: [],
  start: ["created", "stopped", "failed", "partly", "unknown"],
  stop: ["running", "partly", "starting", "failed"],
  restart: ["running", "partly", "failed"],
  apply: ["running", "partly"],
  redeploy: ["running", "partly", "failed", "stopped", "unknown"],
  destroy: ["created", "running", "partly", "stopped", "failed", "unknown", "starting", "stopping"],
  collect: ["running", "partly"],
};

/** Whether a verb makes sense for the lab, and if so, whether the server can do it now. */
export function canChange(view: LabView, server: Server, verb: LabVerb): Possible {
  if (!STATES[verb].includes(view.lab.state)) return false;
  if (view.run_id !== null) return words.isChanging;
  if (!server?.labs || view.stale_since !== null) return words.noServer(view.connection_name);
  return server.labs.verbs.includes(verb) || words.lacks(server.labs.dialect);
}

const verb = (
  id: LabVerb,
  icon: ReactNode,
  group: number,
  run: (view: LabView) => void,
  isDanger = false,
): LabAction => ({
  id: `lab.${id}`,
  title: words.verbs[id],
  icon,
  group,
  isDanger,
  when: (view, server) => canChange(view, server, id),
  run,
});

const ask = (what: LabVerb) => (view: LabView) =>
  openDialog({ dialog: "change-lab", lab: view.lab_ref, verb: what });

export const labActions: readonly LabAction[] = [
  verb("start", <Play />, 0, ({ lab_ref }) => void changeLab(lab_ref, "start")),
  verb("stop", <Square className="size-3!" />, 0, (view) => void changeLabWithCare(view, "stop")),
  verb("restart", <RotateCw />, 0, (view) => void changeLabWithCare(view, "restart")),
  {
    id: "lab.show-run",
    title: words.showRun,
    icon: <Activity />,
    group: 0,
    when: ({ run_id }) => run_id !== null,
    run: ({ run_id }) => run_id !== null && goTo(paths.run(run_id)),
  },
  verb("apply", <GitCompareArrows />, 1, ask("apply")),
  verb("collect", <Download />, 1, ({ lab_ref }) => void changeLab(lab_ref, "collect")),
  verb("redeploy", <RotateCcw />, 1, ask("redeploy")),
  {
    id: "lab.auto-stop",
    title: words.autoStop,
    icon: <AlarmClock />,
    group: 2,
    when: () => true,
    run: ({ lab_ref }) => openDialog({ dialog: "auto-stop-lab", lab: lab_ref }),
  },
  {
    id: "lab.no-auto-stop",
    title: words.noAutoStop,
    icon: <AlarmClockOff />,
    group: 2,
    when: ({ auto_stop }) => auto_stop !== null,
    run: (view) => void clearAutoStop(view),
  },
  {
    id: "lab.favourite",
    title: words.favourite,
    icon: <Star />,
    group: 2,
    when: ({ is_favourite }) => !is_favourite,
    run: (view) => void setLabFavourite(view, true),
  },
  {
    id: "lab.unfavourite",
    title: words.unfavourite,
    icon: <StarOff />,
    group: 2,
    when: ({ is_favourite }) => is_favourite,
    run: (view) => void setLabFavourite(view, false),
  },
  {
    id: "lab.copy-path",
    title: words.copyPath,
    icon: <Copy />,
    group: 2,
    when: ({ lab }) => lab.path !== null,
    run: ({ lab }) => copyText(lab.path ?? lab.name),
  },
  {
    id: "lab.copy-link",
    title: words.copyLink,
    icon: <Link />,
    group: 2,
    when: () => true,
    run: copyLabLink,
  },
  {
    id: "lab.forget",
    title: words.forget,
    icon: <EyeOff />,
    group: 3,
    when: ({ origin }) => origin !== null,
    run: (view) => void forgetLab(view),
  },
  verb("destroy", <Trash2 />, 3, ask("destroy"), true),
];

/** By its name, which other people know it by too; by its id where its server has two of that name. */
function copyLabLink({ lab_ref, lab, connection_name }: LabView): void {
  const named = Object.values(useCore.getState().labs)
    .flat()
    .filter((one) => one.lab_ref.connection_id === lab_ref.connection_id && one.lab.name === lab.name);
  copyLink("lab", connection_name, named.length > 1 ? lab_ref.lab_id : lab.name);
}

/** Puts a text on the clipboard and says so. */
export function copyText(text: string): void {
  const { copied, notCopied } = messages.labs.notices;
  navigator.clipboard.writeText(text).then(
    () => showToast({ id: "copied", tone: "ok", text: copied(text), expiresMs: 3000 }),
    () => showToast({ id: "copied", tone: "err", text: notCopied, detail: text }),
  );
}

/** The first of these that can be done to it. */
export const firstLabAction = (view: LabView, server: Server, ...ids: string[]): LabAction | undefined =>
  ids
    .map((id) => labActions.find((action) => action.id === id))
    .find((action) => action?.when(view, server) === true);

/** Everything that can be done to it, as a menu; what cannot be done now says why. */
export function labMenu(view: LabView, server: Server): MenuGroups {
  const able = labActions
    .map((action) => ({ action, possible: action.when(view, server) }))
    .filter(({ possible }) => possible !== false);
  return [0, 1, 2, 3].map((group) =>
    able
      .filter(({ action }) => action.group === group)
      .map(({ action, possible }) => ({
        id: action.id,
        label: action.title,
        icon: action.icon,
        run: () => action.run(view),
        ...(action.isDanger ? { isDanger: true } : {}),
        ...(typeof possible === "string" ? { isDisabled: true, remark: possible } : {}),
      })),
  );
}
