import { expect, test } from "vitest";
import { ways } from "@/ipc/mock/tunnel-detail";
import { completions } from "./completion";

const lines = (line: string) => completions(line, ways).map((one) => one.line);

test("names are offered after via, those that begin so first", () => {
  expect(lines("8080:db:5432")).toEqual([]);
  expect(lines("8080:db:5432 via ju")).toEqual(["8080:db:5432 via jump-1", "8080:db:5432 via jump-2"]);
  expect(lines("8080:db:5432 via 1")[0]).toBe("8080:db:5432 via forge-1");
});

test("a name may have a space in it", () => {
  const lab = { ...ways[0], name: "my lab" } as (typeof ways)[number];
  const found = completions("8080 VIA my l", [lab]);
  expect(found.map((one) => one.line)).toEqual(["8080 VIA my lab"]);
  expect(completions("8080 via My Lab ", [lab])).toEqual([]);
});

test("a whole name needs no completion, an address finds its host", () => {
  expect(lines("8080:db:5432 via jump-1")).toEqual([]);
  expect(lines("8080 via 10.20")).toEqual(["8080 via prod-eu"]);
});
