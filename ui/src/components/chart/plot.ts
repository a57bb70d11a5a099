/* A uPlot drawn from the design tokens. What is drawn is up to whoever uses it. */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

export interface Line {
  /** A design token, for example "--accent". */
  color: string;
  isFilled?: boolean;
  isDashed?: boolean;
}

export interface ChartOptions {
  lines: readonly Line[];
  format: (value: number) => string;
  /** Distances between the lines of the scale, where round decimal numbers would look odd. */
  steps?: number[];
  /** How far back the chart reaches, in milliseconds. */
  spanMs: number;
  /** The scale reaches at least so far. */
  leastTop: number;
  /** Pixels; 148 when left out. */
  height?: number;
  /** Times are seconds before now, and the words below the scale are these; else the time of day. */
  formatAgo?: (seconds: number) => string;
  /** Position of the sample under the pointer; none when it is elsewhere. */
  onPoint: (index: number | null) => void;
}

const HEIGHT = 148;
/** Charts with the same key show the same moment. */
const SYNC = "moorline-metrics";

export function makeChart(place: HTMLElement, data: uPlot.AlignedData, options: ChartOptions): uPlot {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: token("--fg-3"),
    font: `11px ${token("--font-sans")}`,
    grid: { stroke: token("--line"), width: 1 },
    ticks: { show: false },
    gap: 6,
  };
  return new uPlot(
    {
      width: Math.max(80, place.clientWidth),
      height: options.height ?? HEIGHT,
      padding: [10, 18, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, sync: { key: SYNC }, points: { size: 6 } },
      scales: {
        x: options.formatAgo
          ? { time: false, range: [-options.spanMs / 1000, 0] }
          : { range: (_chart, _min, max) => spanUntil(max, options.spanMs) },
        y: { range: (_chart, _min, max) => [0, Math.max(options.leastTop, max * 1.1)] },
      },
      axes: [
        { ...axis, size: 28, space: 90, values: (_chart, times) => times.map(timeWords(options)) },
        {
          ...axis,
          size: 72,
          space: 26,
          values: (_chart, values) => values.map(options.format),
          ...(options.steps ? { incrs: options.steps } : {}),
        },
      ],
      series: [
        {},
        ...options.lines.map((line) => ({
          stroke: token(line.color),
          width: 1.5,
          // Two samples make a line too short to see.
          points: { show: (chart: uPlot) => chart.data[0].length < 4, size: 4 },
          ...(line.isDashed ? { dash: [4, 4] } : {}),
          ...(line.isFilled ? { fill: `color-mix(in oklab, ${token(line.color)} 14%, transparent)` } : {}),
        })),
      ],
      hooks: { setCursor: [(chart) => options.onPoint(chart.cursor.idx ?? null)] },
    },
    data,
    place,
  );
}

export function resizeChart(chart: uPlot, place: HTMLElement): void {
  if (place.clientWidth > 0) chart.setSize({ width: place.clientWidth, height: chart.height });
}

const timeWords = ({ formatAgo }: ChartOptions): ((seconds: number) => string) =>
  formatAgo ? (seconds) => formatAgo(Math.abs(Math.round(seconds))) : clockTime;

/** The span that ends with the last sample, or now while there is none. */
function spanUntil(last: number, spanMs: number): [number, number] {
  const end = last > 0 ? last : Date.now() / 1000;
  return [end - spanMs / 1000, end];
}

function clockTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
}
