import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { NavigateTarget } from "@/ipc";
import { makeScene } from "@/ipc/mock/scenes";
import { type Answers, fakeCore } from "@/test/core";
import { emptyCore, useCore } from "./store";
import { startSync } from "./sync";

const scene = makeScene("rich");
const lists: Answers = {
  app_info: () => scene.info,
  window_ready: () => ({}),
  settings_get: () => scene.settings,
  descriptors_list: () => [],
  connections_list: () => scene.connections,
  workspaces_list: () => scene.workspaces,
  runs_list: () => [],
  questions_list: () => [],
  terminals_list: () => [],
  tunnels_list: () => [],
  labs_list: () => [],
  templates_list: () => [],
};
let stop = () => {};

beforeEach(() => {
  vi.useFakeTimers();
  useCore.setState(emptyCore, true);
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

test("an event that comes while the lists load wins over them", async () => {
  const core = fakeCore(lists);
  stop = startSync(() => {});
  core.event({ event: "connections", connections: [] });
  await vi.advanceTimersByTimeAsync(50);
  expect(useCore.getState().loading.at).toBe("ready");
  expect(useCore.getState().connections).toEqual([]);
  expect(Object.keys(useCore.getState().workspaces)).not.toEqual([]);
});

test("events of one frame are one change", async () => {
  const core = fakeCore(lists);
  stop = startSync(() => {});
  await vi.advanceTimersByTimeAsync(50);
  let changes = 0;
  const unsubscribe = useCore.subscribe(() => changes++);
  for (let index = 0; index < 20; index++) core.event({ event: "questions", questions: [] });
  await vi.advanceTimersByTimeAsync(50);
  unsubscribe();
  expect(changes).toBe(1);
});

test("a link that comes back loads everything again", async () => {
  const core = fakeCore(lists);
  stop = startSync(() => {});
  await vi.advanceTimersByTimeAsync(50);
  core.link("lost");
  expect(useCore.getState().link).toBe("lost");
  core.link("open");
  await vi.advanceTimersByTimeAsync(50);
  expect(core.calls("workspaces_list")).toHaveLength(2);
});

test("lists that cannot be had say why", async () => {
  fakeCore({
    ...lists,
    connections_list: () => {
      throw {
        code: "storage",
        message: "the database cannot be read",
        hint: null,
        field: null,
        detail: null,
      };
    },
  });
  stop = startSync(() => {});
  await vi.advanceTimersByTimeAsync(50);
  expect(useCore.getState().loading).toMatchObject({ at: "failed", failure: { code: "storage" } });
});

test("what the tray asks for is passed on", () => {
  const core = fakeCore(lists);
  const targets: NavigateTarget[] = [];
  stop = startSync((target) => targets.push(target));
  core.event({ event: "navigate", target: { page: "settings" } });
  expect(targets).toEqual([{ page: "settings" }]);
});
