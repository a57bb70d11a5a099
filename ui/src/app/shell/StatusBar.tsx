import { useMemo } from "react";
import { useNow } from "@/app/clock";
import { goTo, paths } from "@/app/navigation";
import { attempt } from "@/app/operations";
import { useCore } from "@/app/store";
import { retryTunnel } from "@/app/tunnel-operations";
import { isDown, type Throughput, throughput } from "@/app/tunnels";
import { Dot, formatRate, secondsUntil } from "@/components";
import { type ConnectionView, connectionConnect, type Run, type TunnelView } from "@/ipc";
import { messages } from "@/messages";

const words = messages.shell;

/** What goes on: connections at the left, the newest run and the tunnels at the right. */
export function StatusBar() {
  const connections = useCore((state) => state.connections);
  const link = useCore((state) => state.link);
  const runs = useCore((state) => state.runs);
  const known = useCore((state) => state.tunnels);
  const tunnels = useMemo(() => Object.values(known), [known]);
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
      <Reconnecting connections={connections} tunnels={tunnels} />
      <span className="ml-auto" />
      {running[0] && <RunningStep run={running[0]} more={running.length - 1} />}
      <TunnelSum tunnels={tunnels} />
    </footer>
  );
}

interface Waiting {
  key: string;
  name: string;
  at: number;
  now: () => void;
}

/** What is to be tried next, with its countdown; the others are in the side bar and on the Tunnels page. */
function Reconnecting({
  connections,
  tunnels,
}: {
  connections: readonly ConnectionView[];
  tunnels: readonly TunnelView[];
}) {
  const now = useNow();
  const lost = connections.flatMap(({ connection: { id, name }, state }): Waiting[] => {
    if (state.state !== "reconnecting") return [];
    const again = () => void attempt(connectionConnect({ connection_id: id }));
    return [{ key: id, name, at: state.next_try_at, now: again }];
  });
  const cut = tunnels.flatMap((view): Waiting[] =>
    view.state.state === "reconnecting"
      ? [
          {
            key: view.tunnel.id,
            name: view.tunnel.name,
            at: view.state.next_try_at,
            now: () => void retryTunnel(view),
          },
        ]
      : [],
  );
  const waiting = [...lost, ...cut].sort((a, b) => a.at - b.at);
  const next = waiting[0];
  if (!next) return null;
  return (
    <span className="inline-flex items-center gap-1 text-warn">
      <Dot tone="busy" />
      {words.reconnecting(next.name, secondsUntil(next.at, now))} ·
      <button
        type="button"
        className="rounded-control px-0.5 underline"
        aria-label={words.connectNow(next.name)}
        onClick={next.now}
      >
        {words.now}
      </button>
      {waiting.length > 1 && <span className="text-fg-3">{words.more(waiting.length - 1)}</span>}
    </span>
  );
}

/** What goes through all of them now, and how many there are. */
function TunnelSum({ tunnels }: { tunnels: readonly TunnelView[] }) {
  if (tunnels.length === 0) return null;
  const rates = tunnels.filter((view) => !isDown(view)).map(({ traffic }) => throughput(traffic));
  const sum = (pick: (rate: Throughput) => number) => rates.reduce((all, rate) => all + pick(rate), 0);
  const [down, up] = [sum((rate) => rate.down), sum((rate) => rate.up)];
  return (
    <button
      type="button"
      className="inline-flex gap-4 rounded-control hover:text-fg"
      onClick={() => goTo(paths.tunnels())}
    >
      {down + up > 0 && (
        <span title={words.tunnelTraffic} className="inline-flex gap-2">
          <span>{words.down(formatRate(down))}</span>
          <span>{words.up(formatRate(up))}</span>
        </span>
      )}
      {words.tunnelCount(tunnels.length)}
    </button>
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
