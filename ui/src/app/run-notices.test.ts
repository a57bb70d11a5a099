import { afterEach, beforeEach, expect, test } from "vitest";
import type { Run } from "@/ipc";
import { runs } from "@/ipc/mock/runs";
import { fakeCore } from "@/test/core";
import { followRun, watchRuns } from "./run-notices";
import { emptyCore, mergeEvent, useCore } from "./store";
import { useToasts } from "./toasts";

const stopRun = runs.find(({ verb }) => verb === "stop") as Run;
const tell = (run: Run) => useCore.setState((state) => mergeEvent(state, { event: "run", run }));
const texts = () => useToasts.getState().toasts.map(({ text, action }) => [text, action?.label]);
let stop = () => {};

beforeEach(() => {
  useCore.setState(emptyCore, true);
  useToasts.setState({ toasts: [] });
  stop = watchRuns();
});
afterEach(() => stop());

test("a stop that was asked for here can be undone, by starting again", () => {
  const core = fakeCore({ workspace_start: () => ({ run_id: "again" }) });
  tell({ ...stopRun, status: "running" });
  followRun(stopRun.id);
  expect(texts()).toEqual([]);
  tell(stopRun);
  expect(texts()).toEqual([["atlas-docs stopped", "Undo"]]);
  useToasts.getState().toasts[0]?.action?.run();
  expect(core.calls("workspace_start")).toEqual([
    { workspace: { connection_id: "forge-1", workspace_id: "atlas-docs" } },
  ]);
});

test("a failure stays, and leaves when the same thing is tried again", () => {
  const failed = runs.find(({ status }) => status === "failed") as Run;
  tell({ ...failed, status: "running" });
  followRun(failed.id);
  tell(failed);
  expect(texts()).toEqual([["Could not start carol", "Show"]]);
  expect(useToasts.getState().toasts[0]?.expiresMs).toBeUndefined();
  const retried: Run = { ...failed, id: "run-carol-2", status: "running", error: null };
  tell(retried);
  followRun(retried.id);
  expect(texts()).toEqual([]);
});

test("runs that somebody else began are not announced", () => {
  tell({ ...stopRun, status: "running" });
  tell(stopRun);
  expect(texts()).toEqual([]);
});

test("a run that ended before anybody followed it is announced at once", () => {
  tell(stopRun);
  followRun(stopRun.id);
  expect(texts()).toEqual([["atlas-docs stopped", "Undo"]]);
});
