import { expect, test } from "vitest";
import { connections } from "@/ipc/mock/connections";
import { workspaces } from "@/ipc/mock/workspaces";
import { isMine, isRunning, matches, sortRows } from "./filter";

const names = (query: string) =>
  sortRows(workspaces.filter((view) => matches(view, query))).map(({ workspace }) => workspace.name);

test("the filter looks at names, branches, servers, images, states and ports", () => {
  expect(names("atlas")).toEqual(["atlas-api", "atlas-docs", "atlas-web"]);
  expect(names("FEAT/login")).toEqual(["atlas-web"]);
  expect(names("prod-eu")).toEqual(["alice", "carol", "review-7f3a1"]);
  expect(names("cuda")).toEqual(["ml-batch"]);
  expect(names("stopped")).toEqual(["atlas-docs", "legacy-etl"]);
  expect(names("5432")).toEqual(["atlas-api"]);
});

test("all words of the query have to stand somewhere", () => {
  expect(names("atlas stopped")).toEqual(["atlas-docs"]);
  expect(names("atlas cuda")).toEqual([]);
});

test("numbers in names are sorted as numbers", () => {
  const [row] = workspaces;
  if (!row) throw new Error("no rows");
  const rows = ["dev-10", "dev-9", "dev-1"].map((name) => ({
    ...row,
    workspace: { ...row.workspace, name },
  }));
  expect(sortRows(rows).map(({ workspace }) => workspace.name)).toEqual(["dev-1", "dev-9", "dev-10"]);
});

test("a row that is renamed moves, also when the others were sorted before", () => {
  const sorted = sortRows(workspaces);
  expect(sortRows([...workspaces].reverse())).toEqual(sorted);
  const [first, ...others] = sorted;
  if (!first) throw new Error("no rows");
  const last = { ...first, workspace: { ...first.workspace, name: "zebra" } };
  expect(sortRows([last, ...others])).toEqual([...others, last]);
});

test("a stale row does not count as running", () => {
  const running = workspaces.find(({ workspace }) => workspace.state === "running");
  if (!running) throw new Error("no running row");
  expect(isRunning(running)).toBe(true);
  expect(isRunning({ ...running, stale_since: 1 })).toBe(false);
});

test("mine is what l8s or Moorline made for the person who logs in", () => {
  const mine = workspaces.filter((view) =>
    isMine(
      view,
      connections.find(({ connection }) => connection.id === view.workspace_ref.connection_id),
    ),
  );
  const found = mine.map(({ workspace }) => workspace.name);
  expect(found).toContain("atlas-api");
  expect(found).not.toContain("registry");
  expect(found).not.toContain("carol");
});
