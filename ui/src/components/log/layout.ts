// Where each line of a log stands, in rows of equal height, wrapped or not. Rows are computed from the
// lines' widths and never measured, so that a million lines cost a few sums.

import { CHUNK_LINES, type LogBuffer } from "./buffer";

export interface PlacedLine {
  readonly number: number;
  /** Row of its top, counted from the oldest kept line. */
  readonly row: number;
  readonly rows: number;
}

export class LogLayout {
  /** None when lines are not wrapped. */
  readonly columns: number | null;
  readonly #buffer: LogBuffer;
  /** Rows of each chunk of the buffer. */
  #sums: number[] = [];
  #first: number;
  #end: number;
  /** Rows of all kept lines. */
  total = 0;
  /** Rows of lines that were dropped since this layout began. */
  dropped = 0;

  constructor(buffer: LogBuffer, columns: number | null) {
    this.#buffer = buffer;
    this.columns = columns;
    this.#first = buffer.first;
    this.#end = buffer.first;
    this.update();
  }

  /** Takes in what the buffer gained and lost. */
  update(): void {
    const { first, end } = this.#buffer;
    while (this.#first < first) {
      const rows = this.#sums.shift() ?? 0;
      this.total -= rows;
      this.dropped += rows;
      this.#first += CHUNK_LINES;
    }
    this.#end = Math.max(this.#end, first);
    for (; this.#end < end; this.#end += 1) {
      const chunk = Math.floor((this.#end - first) / CHUNK_LINES);
      const rows = this.#rowsOf(this.#end);
      this.#sums[chunk] = (this.#sums[chunk] ?? 0) + rows;
      this.total += rows;
    }
  }

  /** The lines that cover these rows. */
  lines(fromRow: number, toRow: number): PlacedLine[] {
    const placed: PlacedLine[] = [];
    let { number, row } = this.lineAt(Math.max(0, fromRow));
    while (number < this.#end && row < toRow) {
      const rows = this.#rowsOf(number);
      placed.push({ number, row, rows });
      row += rows;
      number += 1;
    }
    return placed;
  }

  /** The line that covers a row. */
  lineAt(row: number): { number: number; row: number } {
    let chunk = 0;
    let top = 0;
    for (; chunk < this.#sums.length - 1; chunk += 1) {
      const rows = this.#sums[chunk] ?? 0;
      if (top + rows > row) break;
      top += rows;
    }
    let number = this.#first + chunk * CHUNK_LINES;
    if (this.columns === null) {
      const skip = Math.min(Math.max(0, row - top), Math.max(0, this.#end - number - 1));
      return { number: number + skip, row: top + skip };
    }
    while (number < this.#end - 1) {
      const rows = this.#rowsOf(number);
      if (top + rows > row) break;
      top += rows;
      number += 1;
    }
    return { number, row: top };
  }

  /** Row of a line's top. */
  rowOf(number: number): number {
    const chunk = Math.floor((number - this.#first) / CHUNK_LINES);
    let row = 0;
    for (let at = 0; at < chunk; at += 1) row += this.#sums[at] ?? 0;
    for (let at = this.#first + chunk * CHUNK_LINES; at < number; at += 1) row += this.#rowsOf(at);
    return row;
  }

  #rowsOf(number: number): number {
    if (this.columns === null) return 1;
    return Math.max(1, Math.ceil(this.#buffer.cells(number) / this.columns));
  }
}
