/* What can be done about a notice, beside showing what it is about. */
import { labAutoStop, type Notice, noticesRemove } from "@/ipc";
import { messages } from "@/messages";
import { canChange } from "./lab-actions";
import { changeLab } from "./lab-operations";
import { attempt } from "./operations";
import { useConnection, useLab } from "./store";
import { showToast } from "./toasts";

const words = messages.notifications;
const LATER_MINUTES = 60;

export interface NoticeAction {
  label: string;
  /** Why it cannot be done now. */
  remark: string | null;
  run: () => void;
}

const NOWHERE = { connection_id: "", lab_id: "" };

/** None once the lab does not run any more. Whatever is chosen, the notice has served. */
export function useNoticeActions({ id, kind }: Notice): NoticeAction[] {
  const lab = kind.kind === "lab_overdue" ? kind.lab : NOWHERE;
  const view = useLab(lab);
  const server = useConnection(lab.connection_id);
  const possible = view ? canChange(view, server, "stop") : false;
  if (possible === false) return [];
  const remove = () => void attempt(noticesRemove({ notice_id: id }));
  const stop = () => {
    void changeLab(lab, "stop");
    remove();
  };
  const later = async () => {
    if (!(await attempt(labAutoStop({ lab, at: null, after_minutes: LATER_MINUTES })))) return;
    showToast({ id: "auto-stop", tone: "ok", text: words.laterSet(view?.lab.name ?? ""), expiresMs: 5000 });
    remove();
  };
  const remark = possible === true ? null : possible;
  return [
    { label: words.stopNow, remark, run: stop },
    { label: words.laterHour, remark: null, run: () => void later() },
    { label: words.leaveOn, remark: null, run: remove },
  ];
}
