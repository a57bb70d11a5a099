/* One tunnel: its state and actions, the way machine by machine, its traffic, and its past in tabs. */
import { ArrowLeft, Ellipsis, SearchX, ShieldAlert, X } from "lucide-react";
import { useNow } from "@/app/clock";
import { goTo, paths } from "@/app/navigation";
import { tunnelStatus } from "@/app/status";
import { useTunnel } from "@/app/store";
import { firstAction, type TunnelAction, tunnelMenu } from "@/app/tunnel-actions";
import { listenOf, pointText } from "@/app/tunnels";
import {
  Button,
  EmptyState,
  formatAge,
  formatBytes,
  formatSpan,
  IconButton,
  Menu,
  StatusDot,
} from "@/components";
import type { TunnelId, TunnelView } from "@/ipc";
import { messages } from "@/messages";
import { Past } from "./Past";
import { hasProblem, Problem } from "./Problem";
import { TrafficCard } from "./TrafficCard";
import { Way } from "./Way";

const words = messages.tunnels;

interface TunnelDetailProps {
  id: TunnelId;
  /** Where it stands instead of the list: the way back. */
  onBack: (() => void) | undefined;
}

export function TunnelDetail({ id, onBack }: TunnelDetailProps) {
  const view = useTunnel(id);
  if (!view) return <Gone />;
  return (
    <section
      aria-label={words.detail.name(view.tunnel.name)}
      className="flex min-h-0 grow basis-0 flex-col overflow-y-auto"
    >
      <Header view={view} onBack={onBack} />
      <div className="grid shrink-0 grid-cols-[minmax(0,1fr)_minmax(240px,400px)] items-start gap-x-4.5 gap-y-3 px-5 pb-2.5 narrow:grid-cols-1">
        <div className="flex min-w-0 flex-col gap-3">
          {view.is_exposed && <Exposed view={view} />}
          <Way view={view} />
          <Proof view={view} />
        </div>
        {hasProblem(view) ? <Problem view={view} /> : <TrafficCard view={view} />}
      </div>
      <Past view={view} />
    </section>
  );
}

function Gone() {
  const { title, text, action } = words.gone;
  return (
    <EmptyState
      icon={<SearchX />}
      {...{ title, text }}
      actions={<Button onClick={() => goTo(paths.tunnels())}>{action}</Button>}
    />
  );
}

function Header({ view, onBack }: { view: TunnelView; onBack: (() => void) | undefined }) {
  const { state, tunnel } = view;
  const now = useNow();
  const { tone, word } = tunnelStatus(state, now);
  const since = "since" in state ? words.detail.since(word, formatSpan(now - state.since)) : word;
  return (
    <header className="flex shrink-0 flex-wrap items-center gap-x-2.5 gap-y-2 px-5 py-3">
      {onBack && <IconButton label={words.detail.back} icon={<ArrowLeft />} onClick={onBack} />}
      <h2 className="max-w-60 truncate font-semibold" title={tunnel.name}>
        {tunnel.name}
      </h2>
      <StatusDot tone={tone} word={since} className="tabular-nums" />
      <span className="ml-auto flex items-center gap-2">
        <ActionButton action={firstAction(view, "tunnel.browse")} view={view} />
        <ActionButton action={firstAction(view, "tunnel.copy")} view={view} />
        <ActionButton action={firstAction(view, "tunnel.start", "tunnel.stop")} view={view} />
        <ActionButton action={firstAction(view, "tunnel.edit")} view={view} />
        <Menu
          groups={tunnelMenu(view)}
          trigger={<IconButton label={words.more(tunnel.name)} icon={<Ellipsis />} />}
        />
        {!onBack && (
          <IconButton label={words.detail.close} icon={<X />} onClick={() => goTo(paths.tunnels())} />
        )}
      </span>
    </header>
  );
}

function ActionButton({ action, view }: { action: TunnelAction | undefined; view: TunnelView }) {
  if (!action) return null;
  return (
    <Button icon={action.icon} onClick={() => action.run(view)}>
      {action.shortTitle ?? action.title(view)}
    </Button>
  );
}

/** Stays as long as it is true. */
function Exposed({ view }: { view: TunnelView }) {
  return (
    <p className="flex gap-2 rounded-card bg-warn-soft px-3 py-2">
      <ShieldAlert className="mt-0.5 shrink-0 text-warn" />
      <span className="min-w-0 wrap-anywhere">{words.exposedAt(pointText(listenOf(view)))}</span>
    </p>
  );
}

/** When it was last checked, what it lived through and what went through it. */
function Proof({ view }: { view: TunnelView }) {
  const now = useNow();
  const { check, survived, traffic, state } = view;
  const { sleeps, network_changes: changes, reconnects, longest_gap_ms: gap } = survived;
  const sentences = [
    quietWords(view),
    check && (check.is_good ? words.detail.checked : words.detail.checkFailed)(agoText(check.at, now)),
    !check && state.state === "open" && words.detail.notChecked,
    sleeps + changes + reconnects > 0 && words.detail.survived(sleeps, changes, reconnects, gapText(gap)),
  ];
  return (
    <div className="flex flex-col gap-0.5 text-fg-3 tabular-nums">
      <p>{sentences.filter(Boolean).join(" ")}</p>
      <p>
        {traffic.connections > 0
          ? words.detail.total(
              formatBytes(traffic.bytes_down),
              formatBytes(traffic.bytes_up),
              traffic.connections,
              traffic.open_connections,
            )
          : words.detail.noTraffic}
      </p>
    </div>
  );
}

/** Seconds at first, because they are what is looked for. */
function agoText(at: number, now: number): string {
  const ms = now - at;
  if (ms < 1000) return messages.format.now;
  return ms < 60_000 ? formatSpan(ms) : formatAge(at, now);
}

/** What can be said of a state in which nothing is wrong and nothing is checked. */
function quietWords({ state }: TunnelView): string | null {
  if (state.state === "stopped") return words.detail.stopped;
  if (state.state === "listening") return words.detail.listening;
  return state.state === "connecting" ? words.detail.connecting(state.stage) : null;
}

const gapText = (ms: number): string =>
  ms < 10_000 ? messages.format.seconds((ms / 1000).toFixed(1)) : formatSpan(ms);
