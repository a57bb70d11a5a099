import { afterEach, describe, expect, test, vi } from "vitest";
import { fakeCore } from "@/test/core";
import { MetricsStore } from "./stream";

const line = (id: string, at: number) => {
  const workspace = { connection_id: "c", workspace_id: id };
  return `${JSON.stringify({ workspace, samples: [{ at, cpu_percent: 5, memory_bytes: 1 }] })}\n`;
};

function setVisible(isVisible: boolean): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(isVisible ? "visible" : "hidden");
  document.dispatchEvent(new Event("visibilitychange"));
}

const stops: (() => void)[] = [];

/** Looks at a workspace's measurements until the test ends. */
function look(store: MetricsStore, key: string): () => void {
  const stop = store.subscribe(key, vi.fn());
  stops.push(stop);
  return stop;
}

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  setVisible(true);
});

describe("MetricsStore", () => {
  test("many lookers share one stream, and hear of their own workspace only", () => {
    const core = fakeCore();
    const store = new MetricsStore();
    const [one, two] = [vi.fn(), vi.fn()];
    stops.push(store.subscribe("c/one", one), store.subscribe("c/two", two));
    expect(core.calls("metrics_open")).toHaveLength(1);
    core.send(core.streamOf("metrics_open"), line("one", 1000));
    expect(one).toHaveBeenCalledTimes(1);
    expect(two).not.toHaveBeenCalled();
    expect(store.samples("c/one")).toHaveLength(1);
    expect(store.samples("c/one")).toBe(store.samples("c/one"));
  });

  test("the stream closes with the last looker", async () => {
    const core = fakeCore();
    const store = new MetricsStore();
    const [stopOne, stopTwo] = [look(store, "c/one"), look(store, "c/one")];
    stopOne();
    await new Promise((resolve) => setTimeout(resolve));
    expect(core.calls("stream_close")).toEqual([]);
    stopTwo();
    await vi.waitFor(() =>
      expect(core.calls("stream_close")).toEqual([{ stream: core.streamOf("metrics_open") }]),
    );
  });

  test("nothing is measured for a page that nobody sees", () => {
    const core = fakeCore();
    const store = new MetricsStore();
    look(store, "c/one");
    setVisible(false);
    expect(core.calls("stream_close")).toHaveLength(1);
    setVisible(true);
    expect(core.calls("metrics_open")).toHaveLength(2);
  });

  test("a stream that broke is asked for again", () => {
    vi.useFakeTimers();
    const core = fakeCore();
    const store = new MetricsStore();
    look(store, "c/one");
    core.end(core.streamOf("metrics_open"));
    expect(core.calls("metrics_open")).toHaveLength(1);
    vi.advanceTimersByTime(5000);
    expect(core.calls("metrics_open")).toHaveLength(2);
    vi.useRealTimers();
  });
});
