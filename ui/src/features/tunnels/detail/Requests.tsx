import { useNow } from "@/app/clock";
import { watchHttp } from "@/app/tunnel-operations";
import { Button, cx, formatDuration, formatMoment } from "@/components";
import type { HttpExchange, TunnelView } from "@/ipc";
import { messages } from "@/messages";
import { PastTable } from "./PastTable";

const { detail: words } = messages.tunnels;
const COLUMNS = [
  { title: words.columns.at },
  { title: words.columns.method },
  { title: words.columns.path },
  { title: words.columns.status, isRight: true },
  { title: words.columns.took, isRight: true },
];

/** The last HTTP requests, or the switch that has them kept. */
export function Requests({ view, requests }: { view: TunnelView; requests: readonly HttpExchange[] }) {
  const now = useNow(60_000);
  if (view.tunnel.route.kind === "dynamic") return <p className="px-5 py-3 text-fg-3">{words.onlyTcp}</p>;
  if (!view.tunnel.options.is_http_watched)
    return (
      <div className="flex max-w-160 flex-col items-start gap-2.5 px-5 py-3">
        <p className="text-fg-2">{words.notWatched}</p>
        <p className="flex items-center gap-3">
          <Button onClick={() => void watchHttp(view, true)}>{words.watch}</Button>
          <span className="text-fg-3">{words.watchRestarts}</span>
        </p>
      </div>
    );
  return (
    <PastTable
      label={words.tabs.requests}
      grid="grid-cols-[72px_64px_minmax(0,1fr)_88px_76px]"
      columns={COLUMNS}
      rows={requests}
      none={words.noRequests}
      cells={({ at, method, path, status, took_ms }) => [
        <span key="at" className="text-fg-2 tabular-nums">
          {formatMoment(at, now)}
        </span>,
        <span key="method" className="font-mono text-fg-2">
          {method}
        </span>,
        <span key="path" className="font-mono" title={path} data-selectable>
          {path}
        </span>,
        <span key="status" className={cx("tabular-nums", toneOf(status))}>
          {status ?? words.noAnswer}
        </span>,
        <span key="took" className="text-fg-2 tabular-nums">
          {took_ms === null
            ? "—"
            : took_ms < 1000
              ? messages.states.roundTrip(took_ms)
              : formatDuration(took_ms)}
        </span>,
      ]}
    />
  );
}

function toneOf(status: number | null): string {
  if (status === null) return "text-fg-3";
  if (status >= 500) return "text-err";
  return status >= 400 ? "text-warn" : "text-ok";
}
