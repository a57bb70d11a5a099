import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { closePanel, emptyDock, useDock } from "@/app/dock";
import { emptyCore, useCore } from "@/app/store";
import type { TerminalView } from "@/ipc";
import { type FakeCore, fakeCore } from "@/test/core";
import { followTerminals, openTerminal } from ".";

const workspace = { connection_id: "forge-1", workspace_id: "w1" };
const terminal = (id: string, ended: TerminalView["ended"] = null): TerminalView => ({
  id,
  workspace,
  title: "atlas-api: bash",
  opened_at: 0,
  ended,
});

const tabs = () => useDock.getState().panels.map(({ id, title }) => `${id} ${title}`);
const know = (...terminals: TerminalView[]) => useCore.setState({ terminals });

let core: FakeCore;
let stop: () => void;

beforeEach(() => {
  core = fakeCore({ terminal_open: () => terminal("t2") });
  useDock.setState(emptyDock);
  useCore.setState({ ...emptyCore, terminals: [terminal("t1")] });
  stop = followTerminals();
});

afterEach(() => stop());

describe("terminals in the dock", () => {
  test("those that were open before the page was loaded are there again", () => {
    expect(tabs()).toEqual(["terminal:t1 atlas-api: bash"]);
  });

  test("opening one asks the core and shows it, whichever comes first", async () => {
    openTerminal(workspace);
    await vi.waitFor(() => expect(core.calls("terminal_open")).toHaveLength(1));
    know(terminal("t1"), terminal("t2"));
    expect(tabs()).toEqual(["terminal:t1 atlas-api: bash", "terminal:t2 atlas-api: bash (2)"]);
    expect(useDock.getState()).toMatchObject({ activeId: "terminal:t2", isOpen: true });
  });

  test("an ended one says so in its tab, and stays until it is closed", () => {
    know(terminal("t1", { exit_code: 0, message: "ended" }));
    expect(tabs()).toEqual(["terminal:t1 atlas-api: bash · ended"]);
  });

  test("closing a tab ends its terminal", () => {
    closePanel("terminal:t1");
    expect(core.calls("terminal_close")).toEqual([{ terminal_id: "t1" }]);
  });

  test("a terminal that is gone takes its tab with it", () => {
    know();
    expect(tabs()).toEqual([]);
  });
});
