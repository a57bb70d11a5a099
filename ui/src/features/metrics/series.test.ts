import { describe, expect, test } from "vitest";
import type { MetricSample } from "@/ipc";
import { memoryFigure } from "./figures";
import { appended, asMetrics, condensed, ratesOf, SPAN_MS, withGaps, within } from "./series";

const sample = (at: number, rest: Partial<MetricSample> = {}): MetricSample => ({
  at,
  cpu_percent: 10,
  memory_bytes: 2 ** 30,
  memory_limit_bytes: null,
  network_in_bytes: 0,
  network_out_bytes: 0,
  disk_read_bytes: 0,
  disk_written_bytes: 0,
  ...rest,
});

describe("measurements", () => {
  test("what is not a measurement is refused", () => {
    const workspace = { connection_id: "c", workspace_id: "w" };
    expect(asMetrics(null)).toBeNull();
    expect(asMetrics({ workspace, samples: "none" })).toBeNull();
    expect(asMetrics({ workspace: { connection_id: 1 }, samples: [] })).toBeNull();
    expect(asMetrics({ workspace, samples: [{ at: 1 }, sample(2)] })).toEqual({
      workspace,
      samples: [sample(2)],
    });
  });

  test("the window takes news once and forgets what is too old", () => {
    const first = appended([], [sample(2000), sample(1000)]);
    expect(first.map(({ at }) => at)).toEqual([1000, 2000]);
    expect(appended(first, [sample(1000), sample(2000)])).toBe(first);
    const later = appended(first, [sample(1500 + SPAN_MS)]);
    expect(later.map(({ at }) => at)).toEqual([2000, 1500 + SPAN_MS]);
  });

  test("rates come from totals, and a restart is not a flood", () => {
    const rates = ratesOf([
      sample(0, { network_in_bytes: 1000 }),
      sample(2000, { network_in_bytes: 5000, network_out_bytes: 500, disk_written_bytes: 1024 }),
      sample(3000, { network_in_bytes: 10, network_out_bytes: 10 }),
    ]);
    expect(rates).toEqual([
      { at: 2000, received: 2000, sent: 250, read: 0, written: 512 },
      { at: 3000, received: 0, sent: 0, read: 0, written: 0 },
    ]);
  });

  test("condensing keeps few values as they are and averages many", () => {
    expect(condensed([1, 2, 3], 5)).toEqual([1, 2, 3]);
    expect(condensed([1, 3, 5, 7], 2)).toEqual([2, 6]);
    expect(condensed([1, 2, 3, 4, 5], 3)).toHaveLength(3);
  });

  test("a span holds the newest points, and a silence is a hole", () => {
    const points = [0, 1000, 2000, 200_000].map((at) => ({ at }));
    expect(within(points, 198_500)).toEqual([{ at: 2000 }, { at: 200_000 }]);
    expect(within(points, 1_000_000)).toBe(points);
    expect(withGaps(points).map((point) => "isGap" in point)).toEqual([false, false, false, true, false]);
  });

  test("memory is said with its limit, in one unit where both share it", () => {
    expect(memoryFigure(sample(0, { memory_bytes: 2.1 * 2 ** 30, memory_limit_bytes: 8 * 2 ** 30 }))).toBe(
      "2.1 / 8 GiB",
    );
    expect(memoryFigure(sample(0, { memory_bytes: 200 * 2 ** 20, memory_limit_bytes: 2 ** 30 }))).toBe(
      "200 MiB / 1 GiB",
    );
    expect(memoryFigure(sample(0))).toBe("1 GiB");
  });
});
