/* Times, sizes and counts as the interface writes them. */
import { messages } from "@/messages";

const words = messages.format;

/** How long something took or takes: "0.2 s", "13 s", "3 min 12 s". */
export function formatDuration(ms: number): string {
  if (ms < 10_000) return words.seconds((ms / 1000).toFixed(1));
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return words.seconds(String(seconds));
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return words.minutes(minutes, seconds % 60);
  return words.hours(Math.floor(minutes / 60), minutes % 60);
}

const PARTS: [number, keyof typeof words.span][] = [
  [86_400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];

/** How long something lasts already, in its two largest units: "3 d 4 h", "12 min", "40 s". */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const first = PARTS.findIndex(([size]) => seconds >= size);
  if (first < 0) return words.span.s(0);
  let rest = seconds;
  // Seconds beside minutes would only flicker.
  const units = PARTS.slice(first, first + 2).filter(([, unit], place) => place === 0 || unit !== "s");
  return units
    .flatMap(([size, unit]) => {
      const count = Math.floor(rest / size);
      rest -= count * size;
      return count > 0 ? [words.span[unit](count)] : [];
    })
    .join(" ");
}

const AGES: [number, keyof typeof words.ages][] = [
  [365 * 86_400, "y"],
  [30 * 86_400, "mo"],
  [7 * 86_400, "w"],
  [86_400, "d"],
  [3600, "h"],
  [60, "m"],
];

/** How long ago, in one unit: "now", "12 m", "5 h", "2 d", "3 w", "4 mo". */
export function formatAge(from: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - from) / 1000));
  for (const [size, unit] of AGES) {
    if (unit === "w" && seconds < 14 * 86_400) continue;
    if (unit === "mo" && seconds < 60 * 86_400) continue;
    if (seconds >= size) return words.ages[unit](Math.floor(seconds / size));
  }
  return words.now;
}

const two = (value: number) => String(value).padStart(2, "0");

/** A moment: "14:02" today, "3 Mar 14:02" otherwise. */
export function formatMoment(at: number, now: number): string {
  const date = new Date(at);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.toLocaleDateString(words.locale, { day: "numeric", month: "short" })} ${time}`;
}

/** Seconds until, never below zero: for countdowns. */
export const secondsUntil = (at: number, now: number): number => Math.max(0, Math.ceil((at - now) / 1000));

const BINARY = ["B", "KiB", "MiB", "GiB", "TiB"];

/** Memory and disk: "8 GiB", "2.1 GiB", "512 MiB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < BINARY.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit > 0 && value < 10 && value % 1 >= 0.05 ? 1 : 0;
  return `${value.toFixed(digits)} ${BINARY[unit]}`;
}

const DECIMAL = ["B/s", "kB/s", "MB/s", "GB/s"];

/** Throughput: "310 kB/s", "1.4 MB/s". */
export function formatRate(bytesPerSecond: number): string {
  let value = bytesPerSecond;
  let unit = 0;
  while (value >= 1000 && unit < DECIMAL.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(unit > 0 && value < 10 ? 1 : 0)} ${DECIMAL[unit]}`;
}
