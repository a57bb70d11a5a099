/* Measurements in words. */
import { formatBytes, formatRate } from "@/components";
import type { MetricSample } from "@/ipc";
import { messages } from "@/messages";
import type { Rate } from "./series";

const words = messages.metrics;

export const cpuFigure = (sample: MetricSample): string => words.percent(sample.cpu_percent);

/** "2.1 / 8 GiB" where both have the same unit. */
export function memoryFigure({ memory_bytes, memory_limit_bytes }: MetricSample): string {
  const used = formatBytes(memory_bytes);
  if (memory_limit_bytes === null) return used;
  const limit = formatBytes(memory_limit_bytes);
  const [value, unit] = used.split(" ");
  return words.ofLimit(limit.endsWith(` ${unit}`) ? (value ?? used) : used, limit);
}

/** Both directions together. */
export const networkFigure = (rate: Rate | undefined): string =>
  formatRate((rate?.received ?? 0) + (rate?.sent ?? 0));
