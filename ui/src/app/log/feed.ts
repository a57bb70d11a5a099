// Brings a log stream into a buffer: decodes it in batches, at most one a frame, tells subscribers once a
// batch and acknowledges what it took. Which log it is, a workspace's or a run's, is the opener's business.

import { LogBuffer, type LogSource, type LogState } from "@/components/log";
import { type Failure, JsonLines, type LogLine, openStream, type Stream, toFailure } from "@/ipc";

/** Asks the core to fill the stream with this number. */
export type LogOpener = (stream: number) => Promise<unknown>;

/** Decoding pauses after so long and goes on in the next frame. */
const BUDGET_MS = 10;
/** A page in the background gets no frames; the log must not stand still there. */
const BACKGROUND_MS = 250;

/** One log being followed. Subscribers hear of every batch and every change of state. */
export class LogFeed implements LogSource {
  readonly buffer = new LogBuffer();
  #state: LogState = { at: "opening" };
  readonly #lines = new JsonLines((values) => {
    for (const value of values) this.#take(value);
  });
  #waiting: Uint8Array[] = [];
  #ending: { error: Failure | null } | null = null;
  #stream: Stream | null = null;
  #cancelFrame: (() => void) | null = null;
  readonly #listeners = new Set<() => void>();
  #version = 0;

  /** Begins to follow; the returned function ends it. What was read stays. */
  follow(opener: LogOpener): () => void {
    const stream = openStream(
      (bytes) => {
        this.#waiting.push(bytes);
        this.#schedule();
      },
      (error) => {
        this.#ending = { error };
        this.#schedule();
      },
      { manualAck: true },
    );
    this.#stream = stream;
    opener(stream.id).then(
      () => this.#settle(stream, { at: "following" }),
      (thrown: unknown) => this.#settle(stream, { at: "failed", failure: toFailure(thrown) }),
    );
    return () => this.#stop();
  }

  get state(): LogState {
    return this.#state;
  }

  readonly version = (): number => this.#version;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes the answer to opening, unless lines or the end were faster or nobody waits any more. */
  #settle(stream: Stream, state: LogState): void {
    if (this.#state.at === "opening" && this.#stream === stream) this.#change(state);
  }

  #stop(): void {
    this.#cancelFrame?.();
    this.#cancelFrame = null;
    this.#waiting = [];
    this.#stream?.close();
    this.#stream = null;
  }

  #schedule(): void {
    this.#cancelFrame ??= nextFrame(() => {
      this.#cancelFrame = null;
      this.#takeBatch();
    });
  }

  #takeBatch(): void {
    const until = performance.now() + BUDGET_MS;
    let taken = 0;
    while (taken < this.#waiting.length && performance.now() < until) {
      const bytes = this.#waiting[taken];
      taken += 1;
      if (!bytes) continue;
      this.#lines.push(bytes);
      this.#stream?.ack(bytes.byteLength);
    }
    this.#waiting = this.#waiting.slice(taken);
    if (this.#waiting.length > 0) this.#schedule();
    this.#change(
      this.#waiting.length === 0 && this.#ending ? endState(this.#ending.error) : { at: "following" },
    );
  }

  #take(value: unknown): void {
    const line = asLogLine(value);
    if (line) this.buffer.push(line);
  }

  #change(state: LogState): void {
    this.#state = state;
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}

const endState = (failure: Failure | null): LogState =>
  failure ? { at: "failed", failure } : { at: "ended" };

/** The line in a decoded value; none when it is something else. */
export function asLogLine(value: unknown): LogLine | null {
  if (typeof value !== "object" || value === null || !("text" in value)) return null;
  const { text } = value;
  if (typeof text !== "string") return null;
  const at = "at" in value && typeof value.at === "number" ? value.at : null;
  const stream = "stream" in value ? value.stream : null;
  return { at, stream: stream === "stderr" || stream === "note" ? stream : "stdout", text };
}

/** Calls back with the next frame, or a little later when the page is in the background. */
function nextFrame(callback: () => void): () => void {
  const cancel = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  const run = () => {
    cancel();
    callback();
  };
  const frame = requestAnimationFrame(run);
  const timer = setTimeout(run, BACKGROUND_MS);
  return cancel;
}
