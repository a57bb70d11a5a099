import { Activity, CircleSlash } from "lucide-react";
import { useState } from "react";
import { useNow } from "@/app/clock";
import { useConnection, useWorkspace } from "@/app/store";
import { EmptyState, formatMoment, Segments } from "@/components";
import type { MetricSample, WorkspaceRef } from "@/ipc";
import { messages } from "@/messages";
import { CpuChart, DiskChart, MemoryChart, NetworkChart } from "./charts";
import { within } from "./series";
import { useSamples } from "./stream";

const words = messages.metrics;
const MINUTE_MS = 60_000;
type Span = keyof typeof words.spanOf;

/** Chosen once, it holds for every workspace until the window is closed. */
let lastSpan: Span = 15;

const SPANS: { value: `${Span}`; label: string }[] = [
  { value: "5", label: words.spanOf[5] },
  { value: "15", label: words.spanOf[15] },
  { value: "60", label: words.spanOf[60] },
];

/** Charts of the last minutes. */
export function MetricsView({ workspace }: { workspace: WorkspaceRef }) {
  const samples = useSamples(workspace);
  const view = useWorkspace(workspace);
  const abilities = useConnection(workspace.connection_id)?.abilities;
  const [span, setSpan] = useState<Span>(lastSpan);
  const isRunning = view?.workspace.state === "running";
  if (abilities?.metrics === false) return <EmptyState icon={<CircleSlash />} {...words.none} />;
  if (samples.length === 0) {
    if (!isRunning) return <EmptyState icon={<Activity />} {...words.notRunning} />;
    return <p className="appear-late m-auto text-fg-3">{words.waiting}</p>;
  }
  const spanMs = span * MINUTE_MS;
  const props = { samples: within(samples, spanMs), spanMs };
  const choose = (value: `${Span}`) => {
    lastSpan = value === "5" ? 5 : value === "15" ? 15 : 60;
    setSpan(lastSpan);
  };
  return (
    <section
      aria-label={words.charts}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
      tabIndex={0}
      className="flex min-h-0 grow flex-col gap-3.5 overflow-y-auto p-5 -outline-offset-2!"
    >
      <div className="flex min-h-7 items-center gap-3">
        <Old isStale={view?.stale_since != null} isRunning={isRunning} last={samples.at(-1)} />
        <span className="ml-auto" />
        <Segments label={words.spans} segments={SPANS} value={`${span}`} onChange={choose} />
      </div>
      <div className="grid grid-cols-2 gap-3.5 narrow:grid-cols-1">
        <CpuChart {...props} />
        <MemoryChart {...props} />
        <NetworkChart {...props} />
        <DiskChart {...props} />
      </div>
    </section>
  );
}

/** Says that nothing newer comes, and why. */
function Old(props: { isStale: boolean; isRunning: boolean; last: MetricSample | undefined }) {
  const now = useNow();
  if (!props.last || (!props.isStale && props.isRunning)) return null;
  const moment = formatMoment(props.last.at, now);
  return (
    <p role="status" className="text-fg-2">
      {props.isStale ? words.stale(moment) : words.ended(moment)}
    </p>
  );
}
