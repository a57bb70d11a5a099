import { Activity, CircleSlash } from "lucide-react";
import { useMemo, useState } from "react";
import type { AlignedData } from "uplot";
import { useConnection, useWorkspace } from "@/app/store";
import { Card, EmptyState, formatBytes, formatRate } from "@/components";
import type { MetricSample, WorkspaceRef } from "@/ipc";
import { messages } from "@/messages";
import { Chart } from "./Chart";
import { cpuFigure, memoryFigure, networkFigure } from "./figures";
import type { Line } from "./plot";
import { ratesOf } from "./series";
import { useSamples } from "./stream";

const words = messages.metrics;
const CPU_LINES: readonly Line[] = [{ color: "--accent", isFilled: true }];
const MEMORY_LINES: readonly Line[] = [
  { color: "--info", isFilled: true },
  { color: "--fg-3", isDashed: true },
];
const NETWORK_LINES: readonly Line[] = [{ color: "--ok", isFilled: true }, { color: "--warn" }];

/** From 1 KiB to 2 TiB. */
const BINARY_STEPS = Array.from({ length: 32 }, (_, power) => 2 ** (power + 10));

/** Charts of the last quarter of an hour. */
export function MetricsView({ workspace }: { workspace: WorkspaceRef }) {
  const samples = useSamples(workspace);
  const view = useWorkspace(workspace);
  const abilities = useConnection(workspace.connection_id)?.abilities;
  if (abilities?.metrics === false) return <EmptyState icon={<CircleSlash />} {...words.none} />;
  if (samples.length === 0) {
    const isRunning = view?.workspace.state === "running";
    if (!isRunning) return <EmptyState icon={<Activity />} {...words.notRunning} />;
    return <p className="appear-late m-auto text-fg-3">{words.waiting}</p>;
  }
  return (
    <section
      aria-label={words.charts}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
      tabIndex={0}
      className="flex min-h-0 grow flex-col gap-3.5 overflow-y-auto p-5 -outline-offset-2!"
    >
      {view?.stale_since != null && <p className="text-fg-3">{words.stale}</p>}
      <CpuChart samples={samples} />
      <MemoryChart samples={samples} />
      <NetworkChart samples={samples} />
    </section>
  );
}

interface ChartCardProps {
  samples: readonly MetricSample[];
}

function CpuChart({ samples }: ChartCardProps) {
  const [point, setPoint] = useState<number | null>(null);
  const shown = samples[point ?? samples.length - 1] ?? samples.at(-1);
  const data = useMemo(
    (): AlignedData => [secondsOf(samples), samples.map((sample) => sample.cpu_percent)],
    [samples],
  );
  const figure = shown ? cpuFigure(shown) : "";
  return (
    <Card title={words.cpu} aside={<Figure text={figure} remark={words.cpuUnit} />}>
      <Chart
        data={data}
        lines={CPU_LINES}
        format={words.percent}
        leastTop={25}
        label={words.cpuLabel(figure)}
        onPoint={setPoint}
      />
    </Card>
  );
}

function MemoryChart({ samples }: ChartCardProps) {
  const [point, setPoint] = useState<number | null>(null);
  const shown = samples[point ?? samples.length - 1] ?? samples.at(-1);
  const data = useMemo(
    (): AlignedData => [
      secondsOf(samples),
      samples.map((sample) => sample.memory_bytes),
      samples.map((sample) => sample.memory_limit_bytes),
    ],
    [samples],
  );
  const figure = shown ? memoryFigure(shown) : "";
  return (
    <Card title={words.memory} aside={<Figure text={figure} />}>
      <Chart
        data={data}
        lines={MEMORY_LINES}
        format={formatBytes}
        steps={BINARY_STEPS}
        leastTop={64 * 2 ** 20}
        label={words.memoryLabel(figure)}
        onPoint={setPoint}
      />
    </Card>
  );
}

function NetworkChart({ samples }: ChartCardProps) {
  const [point, setPoint] = useState<number | null>(null);
  const rates = useMemo(() => ratesOf(samples), [samples]);
  const shown = rates[point ?? rates.length - 1] ?? rates.at(-1);
  const data = useMemo(
    (): AlignedData => [secondsOf(rates), rates.map((rate) => rate.received), rates.map((rate) => rate.sent)],
    [rates],
  );
  return (
    <Card
      title={words.network}
      aside={
        <span className="flex gap-4">
          <Direction color="bg-ok" text={words.received(formatRate(shown?.received ?? 0))} />
          <Direction color="bg-warn" text={words.sent(formatRate(shown?.sent ?? 0))} />
        </span>
      }
    >
      <Chart
        data={data}
        lines={NETWORK_LINES}
        format={formatRate}
        leastTop={10_000}
        label={words.networkLabel(networkFigure(shown))}
        onPoint={setPoint}
      />
    </Card>
  );
}

/** A figure beside the colour of its line. */
function Direction({ color, text }: { color: string; text: string }) {
  return (
    <span className="flex items-center gap-1.5 text-fg">
      <span aria-hidden className={`h-0.5 w-3 rounded-full ${color}`} />
      {text}
    </span>
  );
}

const secondsOf = (points: readonly { at: number }[]): number[] => points.map(({ at }) => at / 1000);

function Figure({ text, remark }: { text: string; remark?: string }) {
  return (
    <>
      <span className="text-fg">{text}</span>
      {remark && ` ${remark}`}
    </>
  );
}
