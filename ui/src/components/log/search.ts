// Finds the lines of a log that hold some words, a slice at a time, so that a million lines never hold up
// the page. Knows lines by number only; drawing marks is the row's work.

import { plainText } from "./ansi";
import type { LogBuffer } from "./buffer";

/** Lines looked at between two looks at the clock. */
const STRIDE = 2048;

export class LogSearch {
  readonly query: string;
  readonly #buffer: LogBuffer;
  readonly #pattern: RegExp | null;
  #found: number[] = [];
  #next: number;

  constructor(buffer: LogBuffer, query: string) {
    this.#buffer = buffer;
    this.query = query;
    this.#pattern = searchPattern(query);
    this.#next = buffer.first;
  }

  /** True when every line so far was looked at. */
  get isDone(): boolean {
    return this.#pattern === null || this.#next >= this.#buffer.end;
  }

  /** Number of matching lines found so far that are still kept. */
  get count(): number {
    return this.#found.length - this.#stale();
  }

  /** Looks at lines until `until` says that time is up, or all are done. */
  advance(until: () => boolean): void {
    const pattern = this.#pattern;
    if (!pattern) return;
    this.#next = Math.max(this.#next, this.#buffer.first);
    this.#forget();
    while (this.#next < this.#buffer.end) {
      const to = Math.min(this.#buffer.end, this.#next + STRIDE);
      for (; this.#next < to; this.#next += 1) {
        if (pattern.test(plainText(this.#buffer.text(this.#next)))) this.#found.push(this.#next);
      }
      if (until()) return;
    }
  }

  /** The line of the match with this position; none when there is none. */
  lineAt(position: number): number | undefined {
    return this.#found[position + this.#stale()];
  }

  /** Position of the first match at or after a line; wraps to the first one. None without matches. */
  positionFrom(line: number): number | undefined {
    if (this.count === 0) return undefined;
    const at = lowerBound(this.#found, line);
    return at < this.#found.length ? Math.max(0, at - this.#stale()) : 0;
  }

  #stale(): number {
    return lowerBound(this.#found, this.#buffer.first);
  }

  #forget(): void {
    const stale = this.#stale();
    if (stale > STRIDE) this.#found = this.#found.slice(stale);
  }
}

/** A pattern that ignores case; none for an empty query. */
export function searchPattern(query: string): RegExp | null {
  return query === "" ? null : new RegExp(query.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&"), "i");
}

function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? value) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
