import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { emptyCore, mergeLists, useCore } from "@/app/store";
import { connections } from "@/ipc/mock/connections";
import { setupOffer, setupPlan } from "@/ipc/mock/doctor";
import { makeScene } from "@/ipc/mock/scenes";
import { type Answers, fakeCore } from "@/test/core";
import { aRun } from "@/test/run";
import { SetupPage } from "./SetupPage";

function show(answers: Answers = {}) {
  const core = fakeCore({
    setup_offer: () => setupOffer,
    setup_plan: ({ values }) => setupPlan((values as Record<string, string>).mode),
    setup_run: () => ({ run_id: "run-1" }),
    ...answers,
  });
  useCore.setState(mergeLists(emptyCore, { ...makeScene("rich"), descriptors: [] }), true);
  const view = connections.find(({ connection }) => connection.id === "attic");
  if (!view) throw new Error("no such connection");
  render(<SetupPage view={view} renderRun={(id) => <p>the run {id}</p>} />);
  return { core, person: userEvent.setup() };
}

test("the script is shown, and runs only after an agreement to just this choice", async () => {
  const { core, person } = show();
  const run = await screen.findByRole("button", { name: "Run on attic" });
  expect(run).toHaveProperty("disabled", true);
  expect(screen.getByText("make_part 14", { exact: false })).toBeTruthy();
  await person.click(screen.getByRole("checkbox"));
  expect(run).toHaveProperty("disabled", false);

  // Another choice means something else.
  await person.click(screen.getByRole("radio", { name: /Root's, for a group/ }));
  expect(await screen.findByText(/as powerful as root/)).toBeTruthy();
  expect(run).toHaveProperty("disabled", true);
  await person.click(screen.getByRole("checkbox"));
  await person.click(run);
  expect(core.calls("setup_run")).toEqual([
    { connection_id: "attic", values: { mode: "rootful" }, agreed: true },
  ]);
  expect(await screen.findByText("the run run-1")).toBeTruthy();
});

test("a run that had nothing to do says so", async () => {
  const { core, person } = show();
  await person.click(await screen.findByRole("checkbox"));
  await person.click(screen.getByRole("button", { name: "Run on attic" }));
  await screen.findByText("the run run-1");
  const step = {
    name: "System",
    summary: "",
    status: "skipped" as const,
    started_at: null,
    ended_at: null,
    progress: null,
  };
  const subject = {
    connection_id: "attic",
    connection_name: "attic",
    name: "attic",
    workspace_id: null,
    lab_id: null,
  };
  const run = aRun({ id: "run-1", verb: "set up", status: "succeeded", subject, steps: [step] });
  act(() => useCore.setState(({ runs }) => ({ runs: { ...runs, "run-1": run } })));
  expect(screen.getByText("Nothing was to be done: attic is set up already.")).toBeTruthy();
  expect(core.calls("setup_run")).toHaveLength(1);
});

test("a kind without a script says so", async () => {
  show({ setup_offer: async () => null });
  expect(await screen.findByText("There is no set-up for this kind of connection")).toBeTruthy();
});
