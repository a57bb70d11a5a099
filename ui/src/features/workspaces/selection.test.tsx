import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useBulk } from "@/app/bulk";
import { history } from "@/app/navigation";
import { emptyCore, mergeEvent, mergeLists, useCore } from "@/app/store";
import { useToasts } from "@/app/toasts";
import { provideWorkspaceActions } from "@/app/workspace-actions";
import { everything, extended, NOTHING, toggled, visible } from "@/components/selection";
import type { RunStatus } from "@/ipc";
import { makeScene } from "@/ipc/mock/scenes";
import { fakeCore } from "@/test/core";
import { aRun } from "@/test/run";
import { WorkspacesPage } from "./WorkspacesPage";

// A grid with menus takes its time where many programs share the computer.
vi.setConfig({ testTimeout: 20_000 });

const ORDER = ["a", "b", "c", "d"];
const keys = ({ keys }: { keys: ReadonlySet<string> }) => [...keys];

test("clicks toggle, Shift takes the range from the last one, either way", () => {
  const b = toggled(NOTHING, "b");
  expect(keys(extended(b, "d", "b", ORDER))).toEqual(["b", "c", "d"]);
  expect(keys(extended(b, "a", "b", ORDER))).toEqual(["a", "b"]);
  expect(keys(toggled(b, "b"))).toEqual([]);
  expect(keys(extended(NOTHING, "c", "b", ORDER))).toEqual(["b", "c"]);
});

test("what is filtered away is no longer selected", () => {
  expect(keys(visible(everything(ORDER), ["b"]))).toEqual(["b"]);
});

function show() {
  const workspace = (args: Record<string, unknown>) =>
    (args.workspace as { workspace_id: string }).workspace_id;
  const core = fakeCore({
    workspace_start: (args) => ({ run_id: `start-${workspace(args)}` }),
    workspace_stop: (args) => ({ run_id: `stop-${workspace(args)}` }),
  });
  useCore.setState(mergeLists(emptyCore, { ...makeScene("rich"), descriptors: [] }), true);
  provideWorkspaceActions([
    {
      id: "workspace.start",
      title: () => "Start",
      icon: null,
      group: 1,
      when: ({ workspace }) => workspace.state === "stopped",
      run: () => {},
    },
    {
      id: "workspace.stop",
      title: () => "Stop",
      icon: null,
      group: 1,
      when: ({ workspace }) => workspace.state === "running",
      run: () => {},
    },
  ]);
  render(<WorkspacesPage cpu={() => null} />);
  return { core, person: userEvent.setup() };
}

// Asking by role computes the names of everything on the page, which is slow for a grid.
const row = (name: string) => {
  const found = document.querySelector<HTMLElement>(`[role=row][aria-label="${name}"]`);
  if (!found) throw new Error(`no row ${name}`);
  return found;
};
const selected = () =>
  [...document.querySelectorAll("[role=row][aria-selected=true]")].map((one) =>
    one.getAttribute("aria-label"),
  );
const end = (id: string, status: RunStatus = "succeeded") =>
  useCore.setState((state) =>
    mergeEvent(state, { event: "run", run: aRun({ id, status, ended_at: Date.now() }) }),
  );

beforeEach(() => {
  for (const side of ["clientHeight", "clientWidth"])
    Object.defineProperty(HTMLElement.prototype, side, { configurable: true, get: () => 600 });
  useToasts.setState({ toasts: [] });
  useBulk.setState({ job: null });
  history.push("/workspaces");
});
afterEach(() => provideWorkspaceActions([]));

test("Ctrl and Shift clicks select instead of opening", async () => {
  show();
  fireEvent.click(row("atlas-api"), { ctrlKey: true });
  fireEvent.click(row("atlas-web"), { shiftKey: true });
  expect(selected()).toEqual(["atlas-api", "atlas-docs", "atlas-web"]);
  expect(history.location.pathname).toBe("/workspaces");
  expect(screen.getByText("3 selected")).toBeTruthy();
});

test("Space, Shift and arrows, Ctrl+A and Esc do it by keyboard", async () => {
  const { person } = show();
  row("atlas-api").focus();
  await person.keyboard(" ");
  expect(selected()).toEqual(["atlas-api"]);
  await person.keyboard("{Shift>}{ArrowDown}{/Shift}");
  await waitFor(() => expect(document.activeElement).toBe(row("atlas-docs")));
  await person.keyboard("{Shift>}{ArrowDown}{/Shift}");
  expect(selected()).toEqual(["atlas-api", "atlas-docs", "atlas-web"]);
  await person.keyboard("{Control>}a{/Control}");
  expect(selected()).toHaveLength(10);
  await person.keyboard("{Escape}");
  expect(screen.queryByText(/selected$/)).toBeNull();
});

test("stopping several begins one run each, counts them, and can be undone at once", async () => {
  const { core, person } = show();
  fireEvent.click(row("atlas-api"), { ctrlKey: true });
  fireEvent.click(row("atlas-web"), { ctrlKey: true });
  fireEvent.click(row("atlas-docs"), { ctrlKey: true });
  await person.click(screen.getByText("Stop 2"));
  expect(core.calls("workspace_stop")).toHaveLength(2);
  expect(await screen.findByText("Stopping, 0 of 2 done")).toBeTruthy();
  end("stop-atlas-api");
  expect(await screen.findByText("Stopping, 1 of 2 done")).toBeTruthy();
  end("stop-atlas-web", "failed");
  await waitFor(() => expect(useBulk.getState().job).toBeNull());
  const toasts = useToasts.getState().toasts;
  expect(toasts.map(({ text, detail }) => [text, detail])).toEqual([
    ["1 workspace stopped", undefined],
    ["Could not stop 1 workspace", "atlas-web"],
  ]);
  toasts[0]?.action?.run();
  await waitFor(() => expect(core.calls("workspace_start")).toHaveLength(1));
  end("start-atlas-api");
  await waitFor(() => expect(useBulk.getState().job).toBeNull());
});

test("cancel begins no further one and cancels those that run", async () => {
  const { core, person } = show();
  row("atlas-api").focus();
  await person.keyboard("{Control>}a{/Control}");
  await person.click(screen.getByText("Stop 5"));
  expect(core.calls("workspace_stop")).toHaveLength(4);
  await person.click(screen.getByText("Cancel the rest"));
  await waitFor(() => expect(core.calls("run_cancel")).toHaveLength(4));
  const [first, ...others] = core.calls("run_cancel").map(({ run_id }) => String(run_id));
  end(first ?? "");
  for (const id of others) end(id, "cancelled");
  await waitFor(() => expect(useBulk.getState().job).toBeNull());
  expect(core.calls("workspace_stop")).toHaveLength(4);
  expect(useToasts.getState().toasts[0]?.text).toBe("1 workspace stopped, 4 left as they were");
});
