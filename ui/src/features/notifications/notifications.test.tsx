import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { history } from "@/app/navigation";
import { emptyCore, mergeEvent, mergeLists, useCore } from "@/app/store";
import { makeScene } from "@/ipc/mock/scenes";
import { fakeCore } from "@/test/core";
import { Bell } from "./Bell";
import { useBell } from "./bell-state";

function show(scene: string) {
  const core = fakeCore();
  useCore.setState(mergeLists(emptyCore, { ...makeScene(scene), descriptors: [] }), true);
  render(<Bell />);
  return { core, person: userEvent.setup() };
}

beforeEach(() => {
  useBell.setState({ isOpen: false });
  history.push("/home");
});

test("the bell counts what is unread; opening it marks all as read and keeps the new ones marked", async () => {
  const { core, person } = show("rich");
  await person.click(screen.getByRole("button", { name: "Notifications, 2 unread" }));
  expect(core.calls("notices_read")).toHaveLength(1);
  const { notices } = useCore.getState();
  useCore.setState((state) =>
    mergeEvent(state, { event: "notices", notices: notices.map((one) => ({ ...one, is_read: true })) }),
  );
  const panel = await screen.findByRole("dialog", { name: "Notifications" });
  const texts = within(panel)
    .getAllByRole("listitem")
    .map((item) => item.querySelector("button")?.textContent ?? "");
  expect(texts[0]).toMatch(/^jump-2 does not answer \(New\)Cannot reach host/);
  expect(texts[1]).toMatch(/^Could not start carol \(New\)prod-eu does not have the image/);
  expect(texts[2]).toMatch(/^atlas-docs createdon forge-1/);
  expect(texts[3]).toMatch(/^forge-2 answers again/);
  expect(texts[4]).toMatch(/^The tunnel docs is down/);
  expect(texts[5]).toMatch(/^prod-eu needs your answer/);
});

test("a notice leads to what it is about", async () => {
  const { person } = show("rich");
  await person.click(screen.getByRole("button", { name: /^Notifications/ }));
  await person.click(await screen.findByText("Could not start carol"));
  expect(history.location.pathname).toBe("/runs/run-carol");
  await waitFor(() => expect(useBell.getState().isOpen).toBe(false));
});

test("one can be removed, or all; an empty history says so", async () => {
  const { core, person } = show("rich");
  await person.click(screen.getByRole("button", { name: /^Notifications/ }));
  await person.click(await screen.findByRole("button", { name: "Remove: forge-2 answers again" }));
  await person.click(screen.getByRole("button", { name: "Clear all" }));
  expect(core.calls("notices_remove")).toEqual([{ notice_id: "n2" }, { notice_id: null }]);
  useCore.setState((state) => mergeEvent(state, { event: "notices", notices: [] }));
  expect(await screen.findByText("Nothing to tell")).toBeTruthy();
});

test("a lab that should not run any more is stopped, given more time or left on from its notice", async () => {
  const { core, person } = show("labs");
  const choose = async (what: string) => {
    const open = screen.queryByRole("dialog", { name: "Notifications" });
    if (!open) await person.click(screen.getByRole("button", { name: /^Notifications/ }));
    await person.click(
      await screen.findByRole("button", { name: `${what}: The lab evpn-fabric still runs` }),
    );
  };
  const lab = { connection_id: "clab-a", lab_id: "evpn-fabric" };
  await choose("Stop now");
  expect(core.calls("lab_change")).toMatchObject([{ lab, verb: "stop" }]);
  await choose("In an hour");
  await waitFor(() => expect(core.calls("notices_remove")).toHaveLength(2));
  expect(core.calls("lab_auto_stop")).toEqual([{ lab, at: null, after_minutes: 60 }]);
  await choose("Leave it on");
  expect(core.calls("notices_remove")).toHaveLength(3);
  expect(core.calls("lab_change")).toHaveLength(1);
});

test("a lab that stopped meanwhile is only told about", async () => {
  const { person } = show("labs");
  const { labs } = useCore.getState();
  const stopped = (labs["clab-a"] ?? []).map((view) => ({
    ...view,
    lab: { ...view.lab, state: "stopped" as const },
  }));
  useCore.setState({ labs: { ...labs, "clab-a": stopped } });
  await person.click(screen.getByRole("button", { name: /^Notifications/ }));
  expect(await screen.findByText("The lab evpn-fabric still runs")).toBeTruthy();
  expect(screen.queryByRole("button", { name: /^Stop now/ })).toBeNull();
});
