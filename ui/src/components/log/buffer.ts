// Keeps the last lines of a log in chunks of fixed size, so that a log that runs for days takes no more
// memory than its newest million lines. Lines are counted from the beginning of the log: numbers stay
// when old lines are dropped. Decoding a stream and drawing are elsewhere.

import type { LogLine, LogStream } from "@/ipc";
import { plainText } from "./ansi";

/** Lines of a chunk; the oldest lines are dropped by whole chunks. */
export const CHUNK_LINES = 4096;
const STREAMS: readonly LogStream[] = ["stdout", "stderr", "note"];

/** At most so many lines are kept. */
export const MAX_LINES = 1_000_000;
/** And at most so many characters, which long lines reach first. */
export const MAX_CHARACTERS = 96 * 1024 * 1024;
/** A longer line is cut; the rest is in the saved file. */
export const MAX_LINE_CHARACTERS = 16_384;

interface Chunk {
  readonly texts: string[];
  readonly times: Float64Array;
  readonly streams: Uint8Array;
  /** Width of each line in character cells. */
  readonly cells: Uint32Array;
  characters: number;
}

export interface BufferLimits {
  readonly lines: number;
  readonly characters: number;
}

export class LogBuffer {
  readonly #chunks: Chunk[] = [];
  #characters = 0;
  /** Number of the oldest line that is kept; a multiple of `CHUNK_LINES`. */
  first = 0;
  /** One past the number of the newest line. */
  end = 0;
  /** Cells of the widest line so far. */
  widest = 0;
  /** True when a line was cut or dropped, so that the whole log is only on the server. */
  isPartial = false;

  readonly #limits: BufferLimits;

  constructor(limits: BufferLimits = { lines: MAX_LINES, characters: MAX_CHARACTERS }) {
    this.#limits = limits;
  }

  get length(): number {
    return this.end - this.first;
  }

  push(line: LogLine): void {
    const slot = this.end % CHUNK_LINES;
    if (slot === 0) this.#chunks.push(newChunk());
    const chunk = this.#chunks.at(-1);
    if (!chunk) return;
    const text = this.#cut(line.text);
    const cells = cellWidth(plainText(text));
    chunk.texts.push(text);
    chunk.times[slot] = line.at ?? Number.NaN;
    chunk.streams[slot] = STREAMS.indexOf(line.stream);
    chunk.cells[slot] = cells;
    chunk.characters += text.length;
    this.#characters += text.length;
    this.widest = Math.max(this.widest, cells);
    this.end += 1;
    this.#drop();
  }

  /** The line with this number; none when it was dropped or is not there yet. */
  line(number: number): LogLine | undefined {
    const at = this.#locate(number);
    if (!at) return undefined;
    const time = at.chunk.times[at.slot];
    return {
      at: time === undefined || Number.isNaN(time) ? null : time,
      stream: STREAMS[at.chunk.streams[at.slot] ?? 0] ?? "stdout",
      text: at.chunk.texts[at.slot] ?? "",
    };
  }

  /** The text of a line with its escapes; empty when there is no such line. */
  text(number: number): string {
    const at = this.#locate(number);
    return at?.chunk.texts[at.slot] ?? "";
  }

  /** Cells a line takes when it is not wrapped. */
  cells(number: number): number {
    const at = this.#locate(number);
    return at?.chunk.cells[at.slot] ?? 0;
  }

  /** Some lines in pieces that can be put in a file one after the other. */
  *pieces(): Generator<string> {
    for (let from = this.first; from < this.end; from += CHUNK_LINES) {
      const lines: string[] = [];
      const to = Math.min(this.end, from + CHUNK_LINES);
      for (let number = from; number < to; number += 1) lines.push(plainText(this.text(number)));
      yield `${lines.join("\n")}\n`;
    }
  }

  #locate(number: number): { chunk: Chunk; slot: number } | undefined {
    if (number < this.first || number >= this.end) return undefined;
    const offset = number - this.first;
    const chunk = this.#chunks[Math.floor(offset / CHUNK_LINES)];
    return chunk && { chunk, slot: offset % CHUNK_LINES };
  }

  #cut(text: string): string {
    if (text.length <= MAX_LINE_CHARACTERS) return text;
    this.isPartial = true;
    const more = (text.length - MAX_LINE_CHARACTERS).toLocaleString("en");
    return `${text.slice(0, MAX_LINE_CHARACTERS)} … ${more} more characters`;
  }

  #drop(): void {
    const { lines, characters } = this.#limits;
    while (this.#chunks.length > 1 && (this.length > lines || this.#characters > characters)) {
      this.#characters -= this.#chunks.shift()?.characters ?? 0;
      this.first += CHUNK_LINES;
      this.isPartial = true;
    }
  }
}

function newChunk(): Chunk {
  return {
    texts: [],
    times: new Float64Array(CHUNK_LINES),
    streams: new Uint8Array(CHUNK_LINES),
    cells: new Uint32Array(CHUNK_LINES),
    characters: 0,
  };
}

/** What may take another width than one: without it, the length is the width. */
const MAY_DIFFER = /[\t\u1100-\uffff]/;
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;
const TAB_CELLS = 8;

/** Character cells that a text without escapes takes in a fixed-width font. */
export function cellWidth(text: string): number {
  if (!MAY_DIFFER.test(text)) return text.length;
  let cells = 0;
  for (const character of text) {
    if (character === "\t") cells += TAB_CELLS - (cells % TAB_CELLS);
    else cells += character.length > 1 || WIDE.test(character) ? 2 : 1;
  }
  return cells;
}
