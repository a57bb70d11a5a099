import { Fragment } from "react";
import { Card, CopyText, Dot, type StatusTone } from "@/components";
import type { ConnectionView, SshHost } from "@/ipc";
import { messages } from "@/messages";

const words = messages.connections;

/** The way to the server, machine by machine. */
export function PathCard({ view }: { view: ConnectionView }) {
  const { ssh_host: host, jumps, state, server } = view;
  const tone: StatusTone = {
    connected: "ok",
    connecting: "busy",
    reconnecting: "busy",
    failed: "err",
    disconnected: "idle",
  }[state.state] as StatusTone;
  const hops = host ? [...jumps, host] : [];
  return (
    <Card title={words.path.title}>
      <ol className="flex flex-wrap items-stretch gap-y-3">
        <Hop tone="ok" title={words.path.here} />
        {hops.map((hop) => (
          <Fragment key={hop.id}>
            <Line isUp={tone === "ok"} />
            <Hop tone={tone} title={hop.addresses[0]?.host ?? ""} host={hop} />
          </Fragment>
        ))}
        {server && (
          <>
            <Line isUp={tone === "ok"} />
            <Hop tone={tone} title={server.product} remark={server.remark ?? undefined} />
          </>
        )}
      </ol>
    </Card>
  );
}

const Line = ({ isUp }: { isUp: boolean }) => (
  <li
    aria-hidden="true"
    className={`w-7 self-center border-t ${isUp ? "border-ok!" : "border-dashed border-line-strong!"}`}
  />
);

interface HopProps {
  tone: StatusTone;
  title: string;
  host?: SshHost;
  remark?: string | undefined;
}

function Hop({ tone, title, host, remark }: HopProps) {
  return (
    <li className="min-w-28 rounded-card border bg-bg px-3 py-2">
      <div className="flex items-center gap-1.5">
        <Dot tone={tone} />
        <span className="max-w-60 truncate">{title}</span>
      </div>
      {host?.addresses.map((address) => (
        <p key={`${address.host}:${address.port}`}>
          <CopyText
            text={`${host.user}@${address.host}${address.port === 22 ? "" : `:${address.port}`}`}
            className="text-fg-3"
          />
        </p>
      ))}
      {remark && <p className="text-fg-3">{remark}</p>}
    </li>
  );
}
