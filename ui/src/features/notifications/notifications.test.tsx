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
