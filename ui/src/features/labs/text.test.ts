import { expect, test } from "vitest";
import { nextTime } from "./AutoStopDialog";
import { diffRows, paired, partsOf } from "./diff";
import { nameFrom, nameProblem } from "./wizard/draft";
import { piecesOf } from "./yaml";

test("a diff names both line numbers, and folds what is far from any change", () => {
  const before = Array.from({ length: 30 }, (_, at) => `line ${at + 1}`);
  const after = before.map((line) => (line === "line 15" ? "new 15" : line));
  const rows = diffRows(before.join("\n"), after.join("\n"));
  expect(rows.filter(({ kind }) => kind !== "same")).toEqual([
    { kind: "removed", text: "line 15", before: 15, after: null },
    { kind: "added", text: "new 15", before: null, after: 15 },
  ]);
  expect(partsOf(rows).map(({ isFolded, rows: own }) => [isFolded, own.length])).toEqual([
    [true, 11],
    [false, 8],
    [true, 12],
  ]);
  const pair = paired(rows).find(({ left }) => left?.kind === "removed");
  expect([pair?.left?.text, pair?.right?.text]).toEqual(["line 15", "new 15"]);
});

test("a last line without its end is the same line", () => {
  expect(diffRows("a\nb", "a\nb\n").every(({ kind }) => kind === "same")).toBe(true);
  expect(diffRows("", "a")).toEqual([{ kind: "added", text: "a", before: null, after: 1 }]);
});

test.each([
  "name: evpn # remark",
  `  endpoints: ["s1:eth1", 'l1:eth1']`,
  "mtu: 9000",
  "image: quay.io/frr:10.2.1",
  "  - {a: true, b: ~}",
  'x: "half',
  "# only a remark",
  "",
])("colouring YAML changes no letter of %j", (line) => {
  expect(
    piecesOf(line)
      .map(({ text }) => text)
      .join(""),
  ).toBe(line);
});

test("YAML parts are told apart", () => {
  expect(piecesOf("mtu: 9000 # big").map(({ kind, text }) => [kind, text])).toEqual([
    ["key", "mtu"],
    ["plain", ": "],
    ["value", "9000"],
    ["plain", " "],
    ["remark", "# big"],
  ]);
});

test("any name of a topology becomes one that will do", () => {
  expect(["EVPN Fabric", "2-node", "é", "", "x".repeat(60), "a--"].map(nameFrom)).toEqual([
    "evpn-fabric",
    "node",
    "lab",
    "lab",
    "x".repeat(40),
    "lab",
  ]);
  expect(["evpn-fabric", "node", "lab"].map(nameProblem)).toEqual([null, null, null]);
  expect(nameProblem("1x")).toContain("1x");
});

test("a time is the next one that the clock shows", () => {
  const now = new Date("2026-11-21T14:02:00").getTime();
  expect(new Date(nextTime("19:00", now) ?? 0).getDate()).toBe(21);
  expect(new Date(nextTime("09:30", now) ?? 0).getDate()).toBe(22);
  expect([nextTime("25:00", now), nextTime("9", now), nextTime("", now)]).toEqual([null, null, null]);
});
