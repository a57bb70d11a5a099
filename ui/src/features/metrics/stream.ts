/* One stream of measurements for the whole page: open while something shows them and the page is seen. */
import { useCallback, useSyncExternalStore } from "react";
import { workspaceKey } from "@/app/store";
import { JsonLines, type MetricSample, metricsOpen, openStream, type Stream, type WorkspaceRef } from "@/ipc";
import { appended, asMetrics } from "./series";

/** A stream that broke is asked for again after so long. */
const AGAIN_MS = 5000;
const NONE: readonly MetricSample[] = [];

export class MetricsStore {
  readonly #series = new Map<string, readonly MetricSample[]>();
  readonly #listeners = new Map<string, Set<() => void>>();
  #stream: Stream | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isWatching = false;

  /** The known measurements, oldest first; the same array until there is news. */
  samples(key: string): readonly MetricSample[] {
    return this.#series.get(key) ?? NONE;
  }

  subscribe(key: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    this.#adjust();
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(key);
      // Pages that follow each other share the stream: it closes only if nobody comes.
      setTimeout(() => this.#adjust());
    };
  }

  readonly #adjust = (): void => {
    const hasListeners = this.#listeners.size > 0;
    if (hasListeners !== this.#isWatching) {
      this.#isWatching = hasListeners;
      if (hasListeners) document.addEventListener("visibilitychange", this.#adjust);
      else document.removeEventListener("visibilitychange", this.#adjust);
    }
    if (hasListeners && document.visibilityState === "visible") this.#open();
    else this.#close();
  };

  #open(): void {
    if (this.#stream || this.#timer !== null) return;
    const lines = new JsonLines((values) => {
      for (const value of values) this.#take(value);
    });
    const stream = openStream(
      (bytes) => lines.push(bytes),
      () => this.#lost(stream),
    );
    this.#stream = stream;
    metricsOpen({ stream: stream.id }).catch(() => {
      stream.close();
      this.#lost(stream);
    });
  }

  #close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#stream?.close();
    this.#stream = null;
  }

  #lost(stream: Stream): void {
    if (this.#stream !== stream) return;
    this.#stream = null;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#adjust();
    }, AGAIN_MS);
  }

  #take(value: unknown): void {
    const metrics = asMetrics(value);
    if (!metrics) return;
    const key = workspaceKey(metrics.workspace);
    const known = this.samples(key);
    const next = appended(known, metrics.samples);
    if (next === known) return;
    this.#series.set(key, next);
    for (const listener of this.#listeners.get(key) ?? []) listener();
  }
}

const store = new MetricsStore();

/** The measurements of a workspace over the last hour. */
export function useSamples(workspace: WorkspaceRef): readonly MetricSample[] {
  const key = workspaceKey(workspace);
  const subscribe = useCallback((listener: () => void) => store.subscribe(key, listener), [key]);
  return useSyncExternalStore(subscribe, () => store.samples(key));
}
