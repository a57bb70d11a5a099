import { expect, test } from "vitest";
import { formatAge, formatBytes, formatDuration, formatRate, formatSpan, secondsUntil } from "./format";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

test.each([
  [-5000, "now"],
  [59_000, "now"],
  [12 * MINUTE, "12 m"],
  [5 * 60 * MINUTE, "5 h"],
  [2 * DAY, "2 d"],
  [13 * DAY, "13 d"],
  [22 * DAY, "3 w"],
  [130 * DAY, "4 mo"],
  [800 * DAY, "2 y"],
])("an age of %d ms is %s", (ms, text) => {
  expect(formatAge(0, ms)).toBe(text);
});

test.each([
  [200, "0.2 s"],
  [13_600, "14 s"],
  [192_000, "3 min 12 s"],
  [7_320_000, "2 h 2 min"],
])("%d ms take %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test("sizes are binary, rates are decimal", () => {
  expect([0, 512 * 2 ** 20, 2.1 * 2 ** 30, 8 * 2 ** 30].map(formatBytes)).toEqual([
    "0 B",
    "512 MiB",
    "2.1 GiB",
    "8 GiB",
  ]);
  expect([0, 310_000, 1_400_000].map(formatRate)).toEqual(["0 B/s", "310 kB/s", "1.4 MB/s"]);
});

test("a countdown never goes below zero", () => {
  expect([secondsUntil(1500, 0), secondsUntil(0, 5000)]).toEqual([2, 0]);
});

test.each([
  [-1, "0 s"],
  [999, "0 s"],
  [40_000, "40 s"],
  [12 * MINUTE + 31_000, "12 min"],
  [4 * 60 * MINUTE, "4 h"],
  [23.5 * 60 * MINUTE, "23 h 30 min"],
  [3 * DAY + 4 * 60 * MINUTE + MINUTE, "3 d 4 h"],
])("a span of %d ms is %s", (ms, text) => {
  expect(formatSpan(ms)).toBe(text);
});
