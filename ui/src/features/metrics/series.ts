/* Measurements as they come and as they are drawn: a window of an hour for each workspace. */
import type { MetricSample, WorkspaceMetrics, WorkspaceRef } from "@/ipc";

/** As long as the core keeps them. */
export const SPAN_MS = 60 * 60_000;
/** What small drawings show. */
export const RECENT_MS = 15 * 60_000;
/** A longer silence is shown as one: nothing was measured then. */
const GAP_MS = 60_000;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** The measurements in a decoded value; none when it is something else. */
export function asMetrics(value: unknown): WorkspaceMetrics | null {
  if (!isRecord(value)) return null;
  const workspace = asRef(value.workspace);
  if (!workspace || !Array.isArray(value.samples)) return null;
  return { workspace, samples: value.samples.flatMap(asSample) };
}

function asRef(value: unknown): WorkspaceRef | null {
  if (!isRecord(value)) return null;
  const { connection_id, workspace_id } = value;
  return typeof connection_id === "string" && typeof workspace_id === "string"
    ? { connection_id, workspace_id }
    : null;
}

function asSample(value: unknown): MetricSample[] {
  if (!isRecord(value)) return [];
  const { at, cpu_percent, memory_bytes, memory_limit_bytes, network_in_bytes, network_out_bytes } = value;
  const { disk_read_bytes, disk_written_bytes } = value;
  if (typeof at !== "number" || typeof cpu_percent !== "number" || typeof memory_bytes !== "number")
    return [];
  return [
    {
      at,
      cpu_percent,
      memory_bytes,
      memory_limit_bytes: typeof memory_limit_bytes === "number" ? memory_limit_bytes : null,
      network_in_bytes: typeof network_in_bytes === "number" ? network_in_bytes : 0,
      network_out_bytes: typeof network_out_bytes === "number" ? network_out_bytes : 0,
      disk_read_bytes: typeof disk_read_bytes === "number" ? disk_read_bytes : 0,
      disk_written_bytes: typeof disk_written_bytes === "number" ? disk_written_bytes : 0,
    },
  ];
}

/** The window after news; what is known already or too old is left out. */
export function appended(
  known: readonly MetricSample[],
  news: readonly MetricSample[],
): readonly MetricSample[] {
  const last = known.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  const fresh = news.filter((sample) => sample.at > last).sort((a, b) => a.at - b.at);
  if (fresh.length === 0) return known;
  const oldest = (fresh.at(-1)?.at ?? 0) - SPAN_MS;
  const first = known.findIndex((sample) => sample.at >= oldest);
  return [...(first < 0 ? [] : known.slice(first)), ...fresh];
}

export interface Rate {
  at: number;
  received: number;
  sent: number;
  read: number;
  written: number;
}

/** Bytes a second between neighbours; a counter that began anew counts as nothing. */
export function ratesOf(samples: readonly MetricSample[]): Rate[] {
  return samples.flatMap((sample, index) => {
    const before = samples[index - 1];
    if (!before) return [];
    const seconds = Math.max(0.001, (sample.at - before.at) / 1000);
    return [
      {
        at: sample.at,
        received: Math.max(0, sample.network_in_bytes - before.network_in_bytes) / seconds,
        sent: Math.max(0, sample.network_out_bytes - before.network_out_bytes) / seconds,
        read: Math.max(0, sample.disk_read_bytes - before.disk_read_bytes) / seconds,
        written: Math.max(0, sample.disk_written_bytes - before.disk_written_bytes) / seconds,
      },
    ];
  });
}

/** At most `count` values, each the mean of its share, so that a small drawing keeps the course. */
export function condensed(values: readonly number[], count: number): readonly number[] {
  if (values.length <= count) return values;
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * values.length) / count);
    const share = values.slice(from, Math.max(from + 1, Math.floor(((index + 1) * values.length) / count)));
    return share.reduce((sum, value) => sum + value, 0) / share.length;
  });
}

/** The newest points that lie within a span. */
export function within<T extends { at: number }>(points: readonly T[], spanMs: number): readonly T[] {
  const from = (points.at(-1)?.at ?? 0) - spanMs;
  const first = points.findIndex(({ at }) => at >= from);
  return first <= 0 ? points : points.slice(first);
}

/** The points with a hole where nothing was measured for long, so that no line is drawn across it. */
export function withGaps<T extends { at: number }>(
  points: readonly T[],
): (T | { at: number; isGap: true })[] {
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    if (!before || point.at - before.at < GAP_MS) return [point];
    return [{ at: (before.at + point.at) / 2, isGap: true as const }, point];
  });
}
