import { describe, expect, test } from "vitest";
import type { LogLine } from "@/ipc";
import { CHUNK_LINES, cellWidth, LogBuffer, MAX_LINE_CHARACTERS, MAX_LINES } from "./buffer";
import { LogLayout } from "./layout";
import { LogSearch } from "./search";

const line = (text: string, stream: LogLine["stream"] = "stdout", at: number | null = null): LogLine => ({
  at,
  stream,
  text,
});

function filled(count: number, text: (number: number) => string): LogBuffer {
  const buffer = new LogBuffer();
  for (let number = 0; number < count; number += 1) buffer.push(line(text(number)));
  return buffer;
}

const never = () => false;

describe("LogBuffer", () => {
  test("gives back what was pushed", () => {
    const buffer = new LogBuffer();
    buffer.push(line("one", "stderr", 12.5));
    buffer.push(line("two", "note"));
    expect(buffer.line(0)).toEqual({ at: 12.5, stream: "stderr", text: "one" });
    expect(buffer.line(1)).toEqual({ at: null, stream: "note", text: "two" });
    expect(buffer.line(2)).toBeUndefined();
    expect(buffer.line(-1)).toBeUndefined();
  });

  test("keeps the newest million lines and their numbers", () => {
    const extra = 3 * CHUNK_LINES;
    const buffer = filled(MAX_LINES + extra, (number) => `line ${number}`);
    expect(buffer.length).toBeLessThanOrEqual(MAX_LINES);
    expect(buffer.length).toBeGreaterThan(MAX_LINES - CHUNK_LINES);
    expect(buffer.end).toBe(MAX_LINES + extra);
    expect(buffer.line(buffer.first - 1)).toBeUndefined();
    expect(buffer.line(buffer.first)?.text).toBe(`line ${buffer.first}`);
    expect(buffer.line(buffer.end - 1)?.text).toBe(`line ${buffer.end - 1}`);
    expect(buffer.isPartial).toBe(true);
  });

  test("long lines reach the limit of characters first", () => {
    const buffer = new LogBuffer({ lines: MAX_LINES, characters: 50_000 });
    for (let number = 0; number < 3 * CHUNK_LINES; number += 1) buffer.push(line("x".repeat(10)));
    expect(buffer.length).toBeLessThanOrEqual(2 * CHUNK_LINES);
  });

  test("a very long line is cut and says so", () => {
    const buffer = filled(1, () => "x".repeat(MAX_LINE_CHARACTERS + 1234));
    expect(buffer.text(0)).toMatch(/x … 1,234 more characters$/);
    expect(buffer.isPartial).toBe(true);
  });

  test("pieces hold every kept line without escapes", () => {
    const buffer = filled(CHUNK_LINES + 1, (number) => `\u001b[32m${number}\u001b[0m`);
    const whole = [...buffer.pieces()].join("");
    expect(whole.split("\n")).toHaveLength(CHUNK_LINES + 2);
    expect(whole.startsWith("0\n1\n")).toBe(true);
    expect(whole.endsWith(`${CHUNK_LINES}\n`)).toBe(true);
  });

  test("counts cells as a fixed-width font does", () => {
    expect(cellWidth("plain")).toBe(5);
    expect(cellWidth("a\tb")).toBe(9);
    expect(cellWidth("漢字")).toBe(4);
    expect(cellWidth("é")).toBe(1);
  });
});

describe("LogLayout", () => {
  test("one row a line when not wrapped", () => {
    const layout = new LogLayout(
      filled(10, () => "x".repeat(100)),
      null,
    );
    expect(layout.total).toBe(10);
    expect(layout.lines(3, 5)).toEqual([
      { number: 3, row: 3, rows: 1 },
      { number: 4, row: 4, rows: 1 },
    ]);
  });

  test("as many rows as the width asks for when wrapped", () => {
    const layout = new LogLayout(
      filled(3, (number) => "x".repeat(number * 10)),
      10,
    );
    expect(layout.total).toBe(1 + 1 + 2);
    expect(layout.lines(2, 4)).toEqual([{ number: 2, row: 2, rows: 2 }]);
    expect(layout.lines(3, 4)).toEqual([{ number: 2, row: 2, rows: 2 }]);
    expect(layout.rowOf(2)).toBe(2);
  });

  test("rows and lines agree everywhere, also after lines were dropped", () => {
    const buffer = new LogBuffer({ lines: 2 * CHUNK_LINES, characters: 1e9 });
    const layout = new LogLayout(buffer, 7);
    for (let number = 0; number < 5 * CHUNK_LINES + 17; number += 1) {
      buffer.push(line("y".repeat((number * 31) % 40)));
      if (number % 999 === 0) layout.update();
    }
    layout.update();
    expect(layout.total).toBe(new LogLayout(buffer, 7).total);
    expect(layout.dropped).toBeGreaterThan(0);
    for (let number = buffer.first; number < buffer.end; number += 97) {
      const row = layout.rowOf(number);
      expect(layout.lineAt(row)).toEqual({ number, row });
    }
  });
});

describe("LogSearch", () => {
  test("counts the matching lines of a million, ignoring case and escapes", () => {
    const buffer = filled(MAX_LINES, (number) =>
      number % 1000 === 7 ? `\u001b[31mER\u001b[0mror in ${number}` : `all well in ${number}`,
    );
    const search = new LogSearch(buffer, "error");
    search.advance(never);
    expect(search.isDone).toBe(true);
    const kept = [...Array(MAX_LINES).keys()].filter((n) => n % 1000 === 7 && n >= buffer.first).length;
    expect(search.count).toBe(kept);
    expect(search.positionFrom(5008)).toBe(search.positionFrom(6007));
    expect(buffer.text(search.lineAt(0) ?? -1)).toContain("ror in");
  });

  test("works in slices", () => {
    const search = new LogSearch(
      filled(10_000, () => "x"),
      "x",
    );
    search.advance(() => true);
    expect(search.isDone).toBe(false);
    expect(search.count).toBe(2048);
    search.advance(never);
    expect(search.count).toBe(10_000);
  });

  test("takes in new lines, and forgets dropped ones", () => {
    const buffer = new LogBuffer({ lines: 2 * CHUNK_LINES, characters: 1e9 });
    const search = new LogSearch(buffer, "hit");
    for (let number = 0; number < 6 * CHUNK_LINES; number += 1) {
      buffer.push(line(number % 2 === 0 ? "hit" : "miss"));
      if (number % 1000 === 0) search.advance(never);
    }
    search.advance(never);
    expect(search.count).toBe(buffer.length / 2);
    expect(search.lineAt(0)).toBe(buffer.first);
  });

  test("takes the words literally", () => {
    const buffer = filled(2, (number) => (number === 0 ? "a.b (c)" : "axb"));
    const search = new LogSearch(buffer, "a.b (");
    search.advance(never);
    expect(search.count).toBe(1);
    expect(search.positionFrom(1)).toBe(0);
  });
});
