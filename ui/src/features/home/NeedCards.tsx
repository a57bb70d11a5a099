import { EyeOff } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useNow } from "@/app/clock";
import { hide, unhide } from "@/app/hidden";
import { goTo, paths } from "@/app/navigation";
import { connect, retryRun } from "@/app/operations";
import { firstAction } from "@/app/tunnel-actions";
import { listenText } from "@/app/tunnels";
import { offerUndo } from "@/app/undo";
import { Button, cx, Dot, formatAge, IconButton, secondsUntil } from "@/components";
import type { ConnectionView, ErrorCode, Run, TunnelView } from "@/ipc";
import { messages } from "@/messages";
import type { Need } from "./needs";

const words = messages.home;
const tunnelWords = messages.tunnels;
const SHOWN = 4;
/** A button for one more would take the place of that one. */
const AT_ONCE = SHOWN + 1;

/** What needs the person, each with the one button that helps. */
export function NeedCards({ needs, onAnswer }: { needs: readonly Need[]; onAnswer: (id: string) => void }) {
  const [showsAll, setShowsAll] = useState(false);
  if (needs.length === 0) return null;
  const shown = showsAll || needs.length <= AT_ONCE ? needs : needs.slice(0, SHOWN);
  return (
    <section aria-label={words.needsName} className="flex flex-col gap-3.5">
      <ul className="grid grid-cols-[repeat(auto-fit,minmax(360px,1fr))] gap-3.5">
        {shown.map((need) => (
          <NeedCard key={need.key} need={need} onAnswer={onAnswer} />
        ))}
      </ul>
      {shown.length < needs.length && (
        <Button tone="quiet" className="self-start" onClick={() => setShowsAll(true)}>
          {words.showAllNeeds(needs.length - shown.length)}
        </Button>
      )}
    </section>
  );
}

function NeedCard({ need, onAnswer }: { need: Need; onAnswer: (id: string) => void }) {
  const { title, detail, isErr, button, onTitle } = useContent(need, onAnswer);
  const put = () => {
    hide(need.key);
    offerUndo(words.hidden(title), () => unhide(need.key));
  };
  return (
    <li
      className={cx(
        "flex min-h-15.5 items-center gap-3 rounded-card px-3 py-2.5",
        isErr ? "bg-err-soft" : "bg-warn-soft",
      )}
    >
      <Dot tone={isErr ? "err" : "warn"} />
      <div className="min-w-0 grow">
        <button
          type="button"
          onClick={onTitle}
          className="block max-w-full truncate rounded-control text-left font-[550] hover:underline"
        >
          {title}
        </button>
        <p className="truncate text-fg-2" title={typeof detail === "string" ? detail : undefined}>
          {detail}
        </p>
      </div>
      {need.kind !== "question" && (
        <IconButton label={words.hideNamed(title)} icon={<EyeOff className="size-3.5!" />} onClick={put} />
      )}
      {button}
    </li>
  );
}

interface Content {
  title: string;
  detail: ReactNode;
  isErr: boolean;
  button: ReactNode;
  onTitle: () => void;
}

function useContent(need: Need, onAnswer: (id: string) => void): Content {
  const now = useNow();
  switch (need.kind) {
    case "question": {
      const { id, subject, question } = need.question;
      const answer = () => onAnswer(id);
      return {
        title: words.question(subject, question.kind),
        detail: words.questionDetail,
        isErr: false,
        button: <Button onClick={answer}>{words.answer}</Button>,
        onTitle: answer,
      };
    }
    case "connection":
      return connectionContent(need.view, now);
    case "tunnel":
      return tunnelContent(need.view);
    case "run":
      return runContent(need.run, now);
  }
}

/** Trying again helps only where nothing has to be changed first. */
const RETRYABLE: readonly ErrorCode[] = ["unreachable", "busy", "cancelled", "protocol", "secrets_locked"];

function connectionContent({ connection, state }: ConnectionView, now: number): Content {
  const show = () => goTo(paths.connection(connection.id));
  const again = (label: string) => <Button onClick={() => void connect(connection.id)}>{label}</Button>;
  const showButton = <Button onClick={show}>{words.show}</Button>;
  if (state.state === "reconnecting")
    return {
      title: words.silent(connection.name),
      detail: `${words.nextTry(secondsUntil(state.next_try_at, now))} ${messages.sentence(state.error.message)}`,
      isErr: false,
      button: again(words.tryNow),
      onTitle: show,
    };
  const error = state.state === "failed" ? state.error : null;
  return {
    title: words.broken(connection.name),
    detail: error && messages.sentence(error.message),
    isErr: true,
    button: error && RETRYABLE.includes(error.code) ? again(words.connect) : showButton,
    onTitle: show,
  };
}

function tunnelContent(view: TunnelView): Content {
  const { tunnel, state } = view;
  const isTaken = state.state === "port_taken";
  const action = firstAction(view, "tunnel.use-port", "tunnel.start");
  return {
    title: isTaken
      ? tunnelWords.need.portTaken(tunnel.name, listenText(tunnel.route.listen))
      : tunnelWords.need.failed(tunnel.name),
    detail:
      isTaken && state.holder
        ? tunnelWords.detail.heldBy(state.holder.command, state.holder.pid)
        : "error" in state && messages.sentence(state.error.message),
    isErr: true,
    button: action && <Button onClick={() => action.run(view)}>{action.title(view)}</Button>,
    onTitle: () => goTo(paths.tunnel(tunnel.id)),
  };
}

function runContent(run: Run, now: number): Content {
  const { name, connection_name: server } = run.subject;
  const show = () => goTo(paths.run(run.id));
  const when = words.onServer(server, formatAge(run.ended_at ?? run.started_at, now));
  const isInterrupted = run.status === "interrupted";
  const why = run.leftover ? words.leftover(name) : run.error ? messages.sentence(run.error.message) : null;
  return {
    title: isInterrupted
      ? words.interrupted(messages.verbs.doing(run.verb, name))
      : messages.notices.failed(run.verb, name),
    detail: why ? `${why} ${messages.sentence(when)}` : messages.sentence(when),
    isErr: !isInterrupted,
    button: run.leftover ? (
      <Button onClick={show}>{words.show}</Button>
    ) : (
      <Button onClick={() => void retryRun(run)}>{words.retry}</Button>
    ),
    onTitle: show,
  };
}
