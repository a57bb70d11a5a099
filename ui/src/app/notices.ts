/* What a notice says, how it looks and where it leads. */
import type { StatusTone } from "@/components";
import { type Notice, type NoticeKind, noticesRead } from "@/ipc";
import { messages } from "@/messages";
import { goTo, paths } from "./navigation";

const words = messages.notifications;

export interface NoticeText {
  tone: StatusTone;
  text: string;
  detail: string;
}

export function noticeText(kind: NoticeKind): NoticeText {
  switch (kind.kind) {
    case "run_ended": {
      const { verb, name, status, error, connection_name } = kind;
      const detail = error ? messages.sentence(error) : words.runOn(connection_name);
      if (status === "succeeded") return { tone: "ok", text: messages.notices.done(verb, name), detail };
      if (status === "interrupted")
        return { tone: "warn", text: messages.home.interrupted(messages.verbs.doing(verb, name)), detail };
      return { tone: "err", text: messages.notices.failed(verb, name), detail };
    }
    case "connection_lost":
      return {
        tone: kind.is_final ? "err" : "warn",
        text: (kind.is_final ? words.refused : words.lost)(kind.name),
        detail: messages.sentence(kind.error),
      };
    case "connection_back":
      return { tone: "ok", text: words.back(kind.name), detail: "" };
    case "tunnel_lost":
      return {
        tone: kind.is_final ? "err" : "warn",
        text: (kind.is_final ? words.tunnelClosed : words.tunnelDown)(kind.name),
        detail: messages.sentence(kind.error),
      };
    case "lab_overdue":
      return {
        tone: "warn",
        text: words.labOverdue(kind.name),
        detail: words.labOverdueDetail(kind.connection_name),
      };
    case "question_asked":
      return { tone: "warn", text: words.asked(kind.subject), detail: words.askedDetail };
  }
}

/** Shows what a notice is about. */
export function openNotice({ kind }: Notice): void {
  switch (kind.kind) {
    case "run_ended":
      return goTo(paths.run(kind.run_id));
    case "connection_lost":
    case "connection_back":
      return goTo(paths.connection(kind.connection_id));
    case "tunnel_lost":
      return goTo(paths.tunnel(kind.tunnel_id));
    case "lab_overdue":
      return goTo(paths.lab(kind.lab));
    case "question_asked":
      return goTo(paths.home());
  }
}

export const markRead = (notices: readonly Notice[]): void => {
  // Nobody is told of a failure: the notices simply stay unread.
  if (notices.some(({ is_read }) => !is_read)) noticesRead().catch(() => {});
};
