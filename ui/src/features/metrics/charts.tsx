/* The four charts: which values, which colours, which words. */
import { useMemo, useState } from "react";
import type { AlignedData } from "uplot";
import { Card, formatBytes, formatRate } from "@/components";
import { Chart } from "@/components/chart/Chart";
import type { Line } from "@/components/chart/plot";
import type { MetricSample } from "@/ipc";
import { messages } from "@/messages";
import { cpuFigure, memoryFigure, networkFigure } from "./figures";
import { type Rate, ratesOf, withGaps } from "./series";

const words = messages.metrics;
const CPU_LINES: readonly Line[] = [{ color: "--accent", isFilled: true }];
const MEMORY_LINES: readonly Line[] = [
  { color: "--info", isFilled: true },
  { color: "--fg-3", isDashed: true },
];
const RATE_LINES: readonly Line[] = [{ color: "--ok", isFilled: true }, { color: "--warn" }];
/** From 1 KiB to 2 TiB. */
const BINARY_STEPS = Array.from({ length: 32 }, (_, power) => 2 ** (power + 10));

interface ChartProps {
  samples: readonly MetricSample[];
  spanMs: number;
}

/** Columns for the plot: the times, then each value; holes where nothing was measured. */
function columns<T extends { at: number }>(
  points: readonly T[],
  values: readonly ((point: T) => number | null)[],
): AlignedData {
  const all = withGaps(points);
  const pick = (value: (point: T) => number | null) =>
    all.map((point) => ("isGap" in point ? null : value(point)));
  return [all.map(({ at }) => at / 1000), ...values.map(pick)];
}

/** The point under the pointer, else the newest. */
function pointed<T extends { at: number }>(points: readonly T[], index: number | null): T | undefined {
  const found = index === null ? undefined : withGaps(points)[index];
  return found && !("isGap" in found) ? found : points.at(-1);
}

export function CpuChart({ samples, spanMs }: ChartProps) {
  const [point, setPoint] = useState<number | null>(null);
  const data = useMemo(() => columns(samples, [(sample) => sample.cpu_percent]), [samples]);
  const shown = pointed(samples, point);
  const figure = shown ? cpuFigure(shown) : "";
  return (
    <Card title={words.cpu} aside={<Figure text={figure} remark={words.cpuUnit} />}>
      <Chart
        data={data}
        lines={CPU_LINES}
        format={words.percent}
        spanMs={spanMs}
        leastTop={25}
        label={words.cpuLabel(figure)}
        onPoint={setPoint}
      />
    </Card>
  );
}

export function MemoryChart({ samples, spanMs }: ChartProps) {
  const [point, setPoint] = useState<number | null>(null);
  const data = useMemo(
    () => columns(samples, [(sample) => sample.memory_bytes, (sample) => sample.memory_limit_bytes]),
    [samples],
  );
  const shown = pointed(samples, point);
  const figure = shown ? memoryFigure(shown) : "";
  return (
    <Card title={words.memory} aside={<Figure text={figure} />}>
      <Chart
        data={data}
        lines={MEMORY_LINES}
        format={formatBytes}
        steps={BINARY_STEPS}
        spanMs={spanMs}
        leastTop={64 * 2 ** 20}
        label={words.memoryLabel(figure)}
        onPoint={setPoint}
      />
    </Card>
  );
}

export function NetworkChart(props: ChartProps) {
  return (
    <RateChart
      {...props}
      title={words.network}
      values={[({ received }) => received, ({ sent }) => sent]}
      figures={({ received, sent }) => [words.received(formatRate(received)), words.sent(formatRate(sent))]}
      label={(rate) => words.networkLabel(networkFigure(rate))}
    />
  );
}

export function DiskChart(props: ChartProps) {
  return (
    <RateChart
      {...props}
      title={words.disk}
      values={[({ read }) => read, ({ written }) => written]}
      figures={({ read, written }) => [words.read(formatRate(read)), words.written(formatRate(written))]}
      label={(rate) => words.diskLabel(formatRate(rate.read + rate.written))}
    />
  );
}

const NOTHING: Rate = { at: 0, received: 0, sent: 0, read: 0, written: 0 };

interface RateChartProps extends ChartProps {
  title: string;
  values: [(rate: Rate) => number, (rate: Rate) => number];
  figures: (rate: Rate) => [string, string];
  label: (rate: Rate) => string;
}

/** Two directions of bytes a second. */
function RateChart({ samples, spanMs, title, values, figures, label }: RateChartProps) {
  const [point, setPoint] = useState<number | null>(null);
  const rates = useMemo(() => ratesOf(samples), [samples]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: which values never changes for one chart
  const data = useMemo(() => columns(rates, values), [rates]);
  const shown = pointed(rates, point) ?? NOTHING;
  const [first, second] = figures(shown);
  return (
    <Card
      title={title}
      aside={
        <span className="flex gap-4">
          <Direction color="bg-ok" text={first} />
          <Direction color="bg-warn" text={second} />
        </span>
      }
    >
      <Chart
        data={data}
        lines={RATE_LINES}
        format={formatRate}
        spanMs={spanMs}
        leastTop={10_000}
        label={label(shown)}
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

function Figure({ text, remark }: { text: string; remark?: string }) {
  return (
    <>
      <span className="text-fg">{text}</span>
      {remark && ` ${remark}`}
    </>
  );
}
