import { useNow } from "@/app/clock";
import { goTo, paths } from "@/app/navigation";
import { attempt } from "@/app/operations";
import { useCore } from "@/app/store";
import { Dot, secondsUntil } from "@/components";
import { type ConnectionView, connectionConnect, type Run } from "@/ipc";
import { messages } from "@/messages";

const words = messages.shell;

/** What goes on: connections at the left, the newest run at the right. */
export function StatusBar() {
  const connections = useCore((state) => state.connections);
  const link = useCore((state) => state.link);
  const runs = useCore((state) => state.runs);
  const connected = connections.filter(({ state }) => state.state === "connected").length;
  const running = Object.values(runs)
    .filter(({ status }) => status === "running")
    .sort((a, b) => b.started_at - a.started_at);
  return (
    <footer className="flex h-6.5 shrink-0 items-center gap-4 overflow-hidden whitespace-nowrap border-t bg-side px-3 text-fg-2 text-status tabular-nums">
      {link === "lost" && (
        <span role="status" className="inline-flex items-center gap-1.5 text-err">
          <Dot tone="err" /> {words.linkLost}
        </span>
      )}
      <span className="inline-flex items-center gap-1.5">
        <Dot tone={connected > 0 ? "ok" : "idle"} /> {words.connected(connected)}
      </span>
      <Reconnecting connections={connections} />
      <span className="ml-auto" />
      {running[0] && <RunningStep run={running[0]} more={running.length - 1} />}
    </footer>
  );
}

/** The next connection to be tried, with its countdown; the others are in the side bar. */
function Reconnecting({ connections }: { connections: readonly ConnectionView[] }) {
  const now = useNow();
  const waiting = connections
    .flatMap(({ connection, state }) =>
      state.state === "reconnecting" ? [{ connection, at: state.next_try_at }] : [],
    )
    .sort((a, b) => a.at - b.at);
  const next = waiting[0];
  if (!next) return null;
  return (
    <span className="inline-flex items-center gap-1 text-warn">
      <Dot tone="busy" />
      {words.reconnecting(next.connection.name, secondsUntil(next.at, now))} ·
      <button
        type="button"
        className="rounded-control px-0.5 underline"
        aria-label={words.connectNow(next.connection.name)}
        onClick={() => void attempt(connectionConnect({ connection_id: next.connection.id }))}
      >
        {words.now}
      </button>
      {waiting.length > 1 && <span className="text-fg-3">{words.more(waiting.length - 1)}</span>}
    </span>
  );
}

function RunningStep({ run, more }: { run: Run; more: number }) {
  const index = run.steps.findIndex(({ status }) => status === "running");
  const text = words.runStep(messages.verbs.doing(run.verb, run.subject.name), index + 1, run.steps.length);
  return (
    <button
      type="button"
      className="truncate rounded-control hover:text-fg"
      onClick={() => goTo(paths.run(run.id))}
    >
      {text}
      {more > 0 && ` ${words.more(more)}`}
    </button>
  );
}
