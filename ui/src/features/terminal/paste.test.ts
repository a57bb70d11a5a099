import { expect, test } from "vitest";
import { lineCount, needsAsking, pastable } from "./paste";

test("controls that could leave a bracketed paste are taken out, text stays", () => {
  expect(pastable("ls\u001b[201~\nrm -rf /\u0003")).toBe("ls[201~\nrm -rf /");
  expect(pastable("tab\tand\r\nlines é 漢")).toBe("tab\tand\r\nlines é 漢");
  expect(pastable("\u009b31m")).toBe("31m");
});

test("counts the lines that would be entered", () => {
  expect(lineCount("one")).toBe(1);
  expect(lineCount("one\n")).toBe(1);
  expect(lineCount("one\r\ntwo\rthree\nfour")).toBe(4);
});

test("asks only when several lines would run at once", () => {
  expect(needsAsking("one\n", false)).toBe(false);
  expect(needsAsking("one\ntwo", false)).toBe(true);
  expect(needsAsking("one\ntwo", true)).toBe(false);
});
