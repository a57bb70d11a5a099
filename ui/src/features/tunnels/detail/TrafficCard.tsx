import { lazy, Suspense } from "react";
import { throughput } from "@/app/tunnels";
import { Card, formatRate } from "@/components";
import type { TunnelView } from "@/ipc";
import { messages } from "@/messages";

const words = messages.tunnels.detail;

/** The library of the graph is loaded with the first graph. */
const TrafficChart = lazy(async () => ({ default: (await import("./TrafficChart")).TrafficChart }));

/** What went through in the last minute. */
export function TrafficCard({ view: { traffic } }: { view: TunnelView }) {
  const { down, up } = throughput(traffic);
  const [downText, upText] = [formatRate(down), formatRate(up)];
  return (
    <Card
      title={words.trafficTitle}
      className="self-start [&>div]:p-0"
      aside={
        <span className="flex gap-3 tabular-nums">
          <span className="text-accent">{words.down(downText)}</span>
          <span className="text-fg-2">{words.up(upText)}</span>
        </span>
      }
    >
      <Suspense fallback={<div className="h-28" />}>
        <TrafficChart samples={traffic.samples} label={words.trafficLabel(downText, upText)} />
      </Suspense>
    </Card>
  );
}
