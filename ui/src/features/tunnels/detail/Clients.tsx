import { useNow } from "@/app/clock";
import { CopyText, formatBytes, formatDuration, formatMoment, formatSpan } from "@/components";
import type { TunnelClient } from "@/ipc";
import { messages } from "@/messages";
import { PastTable } from "./PastTable";

const { detail: words } = messages.tunnels;
const { columns } = words;

const PLAIN = "grid-cols-[minmax(120px,1.4fr)_100px_84px_76px_76px_minmax(80px,1.6fr)]";
const PROXY = "grid-cols-[minmax(120px,1fr)_minmax(120px,1.4fr)_100px_84px_76px_76px_minmax(80px,1fr)]";
const HEAD = [
  { title: columns.opened },
  { title: columns.lasted },
  { title: columns.down, isRight: true },
  { title: columns.up, isRight: true },
  { title: columns.end },
];

/** Connections through the tunnel; open ones first. */
export function Clients({ clients, isProxy }: { clients: readonly TunnelClient[]; isProxy: boolean }) {
  const now = useNow();
  return (
    <PastTable
      label={words.tabs.clients}
      grid={isProxy ? PROXY : PLAIN}
      columns={[{ title: columns.from }, ...(isProxy ? [{ title: columns.to }] : []), ...HEAD]}
      rows={clients}
      none={words.noClients}
      cells={(client) => [
        <span key="from" className="font-mono">
          {client.from}
        </span>,
        ...(isProxy ? [client.target ? <CopyText key="to" text={client.target} /> : "—"] : []),
        <span key="at" className="text-fg-2 tabular-nums">
          {formatMoment(client.opened_at, now)}
        </span>,
        <span key="lasted" className="text-fg-2 tabular-nums">
          {client.closed_at === null
            ? formatSpan(now - client.opened_at)
            : formatDuration(client.closed_at - client.opened_at)}
        </span>,
        <span key="down" className="tabular-nums">
          {formatBytes(client.bytes_down)}
        </span>,
        <span key="up" className="text-fg-2 tabular-nums">
          {formatBytes(client.bytes_up)}
        </span>,
        <End key="end" client={client} />,
      ]}
    />
  );
}

function End({ client: { closed_at, error } }: { client: TunnelClient }) {
  if (error)
    return (
      <span className="text-err" title={error}>
        {messages.sentence(error)}
      </span>
    );
  if (closed_at === null) return <span className="text-ok">{words.open}</span>;
  return <span className="text-fg-3">{words.closed}</span>;
}
