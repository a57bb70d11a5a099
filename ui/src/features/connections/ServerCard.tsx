import type { ReactNode } from "react";
import { useNow } from "@/app/clock";
import { Card, Fact, Facts, formatBytes, formatMoment } from "@/components";
import type { ConnectionView, ServerInfo } from "@/ipc";
import { messages } from "@/messages";

const words = messages.connections.facts;

/** What is known about the server and about the link to it. */
export function ServerCard({ view }: { view: ConnectionView }) {
  const now = useNow(60_000);
  const { state, server, connection, workspace_count } = view;
  const lastSeen = state.state === "reconnecting" || state.state === "failed" ? state.last_seen : undefined;
  const facts: [string, ReactNode][] = [...(server ? serverFacts(server) : [])];
  if (state.state === "connected") {
    facts.push([words.since, formatMoment(state.since, now)]);
    if (state.round_trip_ms !== null)
      facts.push([words.roundTrip, messages.states.roundTrip(state.round_trip_ms)]);
  }
  if (lastSeen !== undefined)
    facts.push([words.lastSeen, lastSeen === null ? words.never : formatMoment(lastSeen, now)]);
  // What a lab server runs stands on a card of its own.
  if (view.labs === null) facts.push([words.workspaces, workspace_count]);
  facts.push([words.atStart, connection.connect_at_start ? words.yes : words.no]);
  return (
    <Card title={words.title}>
      <Facts>
        {facts.map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </Facts>
    </Card>
  );
}

function serverFacts(server: ServerInfo): [string, ReactNode][] {
  const { cpus, memory_bytes, memory_free_bytes, disk_free_bytes } = server;
  const facts: [string, ReactNode][] = [
    [words.product, [server.product, server.remark].filter(Boolean).join(", ")],
  ];
  if (cpus !== null) facts.push([words.cpus, cpus]);
  if (memory_bytes !== null)
    facts.push([
      words.memory,
      memory_free_bytes === null
        ? formatBytes(memory_bytes)
        : words.memoryFree(formatBytes(memory_free_bytes), formatBytes(memory_bytes)),
    ]);
  if (disk_free_bytes !== null) facts.push([words.disk, words.diskFree(formatBytes(disk_free_bytes))]);
  return facts;
}
