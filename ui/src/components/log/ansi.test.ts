import { describe, expect, test } from "vitest";
import { parseAnsi, plainText } from "./ansi";

const texts = (line: string) => parseAnsi(line).map((span) => span.text);
const styleOf = (line: string) => parseAnsi(line)[0]?.style;

/** Random numbers that are the same in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

describe("parseAnsi", () => {
  test("plain text is one span without style", () => {
    expect(parseAnsi("hello world")).toEqual([{ text: "hello world", style: null }]);
    expect(parseAnsi("")).toEqual([]);
  });

  test("colours, weights and their ends", () => {
    const spans = parseAnsi("\u001b[1;32mok\u001b[0m done");
    expect(spans).toMatchObject([
      { text: "ok", style: { fg: 2, bold: true } },
      { text: " done", style: null },
    ]);
    expect(styleOf("\u001b[91mx")).toMatchObject({ fg: 9 });
    expect(styleOf("\u001b[44mx")).toMatchObject({ bg: 4 });
    expect(styleOf("\u001b[3;4;9;7;2mx")).toMatchObject({
      italic: true,
      underline: true,
      strike: true,
      inverse: true,
      dim: true,
    });
  });

  test("256 and true colours in both spellings", () => {
    expect(styleOf("\u001b[38;5;9mx")).toMatchObject({ fg: 9 });
    expect(styleOf("\u001b[38;5;196mx")).toMatchObject({ fg: "rgb(255 0 0)" });
    expect(styleOf("\u001b[48;5;244mx")).toMatchObject({ bg: "rgb(128 128 128)" });
    expect(styleOf("\u001b[38;2;1;2;3mx")).toMatchObject({ fg: "rgb(1 2 3)" });
    expect(styleOf("\u001b[38:2:1:2:3mx")).toMatchObject({ fg: "rgb(1 2 3)" });
    expect(styleOf("\u001b[38:2::1:2:3mx")).toMatchObject({ fg: "rgb(1 2 3)" });
    expect(styleOf("\u001b[38;2;1;2;999mx")).toBeNull();
  });

  test("a broken colour does not swallow the codes after it", () => {
    expect(styleOf("\u001b[38;5;196;1mx")).toMatchObject({ fg: "rgb(255 0 0)", bold: true });
  });

  test("what is not a colour is left out and not obeyed", () => {
    expect(texts("\u001b]0;title\u0007text")).toEqual(["text"]);
    expect(texts("\u001b]8;;http://x.example\u001b\\link\u001b]8;;\u001b\\")).toEqual(["link"]);
    expect(texts("a\u001b[2Jb\u001b[10;5Hc\u001b(Bd")).toEqual(["abcd"]);
    expect(texts("bell\u0007 back\u0008 tab\tstays")).toEqual(["bell back tab\tstays"]);
    expect(texts("cut off\u001b[38;5")).toEqual(["cut off"]);
  });

  test("a carriage return keeps what was written last", () => {
    expect(plainText("12 %\r55 %\r100 %\r")).toBe("100 %");
    expect(texts("12 %\r\u001b[32m100 %")).toEqual(["100 %"]);
  });

  test("random input never throws, and the joined text is the plain text", () => {
    const next = random(7);
    const alphabet = [
      "\u001b",
      "[",
      "]",
      ";",
      ":",
      "m",
      "3",
      "8",
      "5",
      "2",
      "K",
      "a",
      "é",
      "漢",
      "\u0007",
      "\\",
      " ",
      "\u009b",
      "🙂",
    ];
    for (let round = 0; round < 5000; round += 1) {
      const length = Math.floor(next() * 24);
      const line = Array.from({ length }, () => alphabet[Math.floor(next() * alphabet.length)]).join("");
      expect(texts(line).join("")).toBe(plainText(line));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
      expect(plainText(line)).not.toMatch(/[\u0000-\u0008\u001b\u007f-\u009f]/);
    }
  });

  test("text without controls is preserved as it is", () => {
    const next = random(11);
    for (let round = 0; round < 500; round += 1) {
      const line = Array.from({ length: 40 }, () => String.fromCodePoint(32 + Math.floor(next() * 90))).join(
        "",
      );
      expect(texts(line).join("")).toBe(line);
      expect(texts(`\u001b[31m${line}\u001b[0m`).join("")).toBe(line);
    }
  });
});
