import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { emptyCore, mergeLists, useCore } from "@/app/store";
import { makeScene } from "@/ipc/mock/scenes";
import { sharedSessionsOf } from "@/ipc/mock/shared-sessions";
import { type FakeCore, fakeCore } from "@/test/core";
import { SharedSessionsCard } from ".";
import { freeName } from "./dialogs";

const workspace = { connection_id: "forge-1", workspace_id: "atlas-api" };
const size = { columns: 80, rows: 24 };
const terminal = { id: "t1" };
let core: FakeCore;
let opened: unknown[];

beforeEach(() => {
  opened = [];
  core = fakeCore({
    shared_sessions_list: () => sharedSessionsOf("atlas-api"),
    shared_session_open: () => terminal,
  });
  useCore.setState(mergeLists(emptyCore, { ...makeScene("rich"), descriptors: [] }), true);
  render(
    <SharedSessionsCard workspace={workspace} size={() => size} onOpened={(view) => opened.push(view)} />,
  );
});

test("who is attached shows, and attaching opens a terminal", async () => {
  const person = userEvent.setup();
  await screen.findByText("bob");
  expect(screen.getByText("you")).toBeTruthy();
  await person.click(screen.getByRole("button", { name: "Attach to pair" }));
  await waitFor(() => expect(opened).toEqual([terminal]));
  expect(core.calls("shared_session_open")).toEqual([{ workspace, name: "pair", program: "tmux", size }]);
});

test("ending asks first and says whom it meets", async () => {
  const person = userEvent.setup();
  await person.click(await screen.findByRole("button", { name: "End pair" }));
  await screen.findByText(/2 people are attached/);
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Cancel"));
  await person.click(screen.getByRole("button", { name: "End session" }));
  await waitFor(() =>
    expect(core.calls("shared_session_end")).toEqual([{ workspace, name: "pair", program: "tmux" }]),
  );
});

test("a name that is taken is said at the field", async () => {
  const person = userEvent.setup();
  core.answer("shared_session_open", () => {
    throw { code: "conflict", message: "there is one already", hint: null, field: "name", detail: null };
  });
  await person.click(await screen.findByRole("button", { name: "New session…" }));
  await person.click(await screen.findByRole("button", { name: "Begin" }));
  await screen.findByText("There is one already.");
  expect(core.calls("shared_session_open")[0]).toMatchObject({ name: "pair-2", program: null });
});

test("names that are taken are counted on", () => {
  expect(freeName([])).toBe("pair");
  expect(freeName(["pair", "pair-2"])).toBe("pair-3");
});
