import { expect, test } from "vitest";
import { workspaces } from "@/ipc/mock/workspaces";
import { isSame } from "./same";

test("what JSON carries is compared to the last leaf", () => {
  const [row] = workspaces;
  const copy = structuredClone(row);
  expect(isSame(row, copy)).toBe(true);
  copy?.workspace.ports.push({ port: 1, server_port: null, protocol: "tcp", title: null } as never);
  expect(isSame(row, copy)).toBe(false);
});

test.each([
  [{ a: null }, { a: 0 }],
  [{ a: 1 }, { b: 1 }],
  [{ a: undefined }, {}],
  [[], {}],
  [
    [1, 2],
    [2, 1],
  ],
  [null, {}],
  ["1", 1],
])("%j is not %j", (a, b) => {
  expect(isSame(a, b)).toBe(false);
  expect(isSame(b, a)).toBe(false);
});
