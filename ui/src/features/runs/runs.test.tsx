import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";
import { history } from "@/app/navigation";
import { emptyCore, useCore } from "@/app/store";
import type { Run, RunStep } from "@/ipc";
import { type FakeCore, failure, fakeCore } from "@/test/core";
import { aRun } from "@/test/run";
import { RunDetailPage, RunList, RunsPage } from ".";
import { Steps } from "./Steps";
import { matchingRuns } from "./select";

const step = (name: string, status: RunStep["status"], from: number | null, to: number | null): RunStep => ({
  name,
  summary: `what ${name} does`,
  status,
  started_at: from,
  ended_at: to,
  progress: null,
});

const subject = (name: string, workspace_id: string | null = name) => ({
  connection_id: "forge-1",
  connection_name: "forge-1",
  name,
  workspace_id,
  lab_id: null,
});

function know(...runs: Run[]): void {
  useCore.setState({
    ...emptyCore,
    loading: { at: "ready" },
    link: "open",
    runs: Object.fromEntries(runs.map((run) => [run.id, run])),
  });
}

let core: FakeCore;
beforeEach(() => {
  core = fakeCore({
    runs_list: () => [],
    run_retry: () => ({ run_id: "r2" }),
    run_remove_leftover: () => ({ run_id: "r3" }),
  });
  know();
});

describe("steps", () => {
  test("say how each stands and how long it took or takes", () => {
    const now = Date.now();
    render(
      <Steps
        steps={[
          step("Check", "succeeded", now - 14_000, now - 13_800),
          step("Start", "running", now - 12_000, null),
          step("Verify", "waiting", null, null),
        ]}
      />,
    );
    const items = screen.getAllByRole("listitem").map((item) => item.textContent);
    expect(items[0]).toBe("Checkdone0.2 swhat Check does");
    expect(items[1]).toMatch(/^Startrunning12 swhat Start does$/);
    expect(items[2]).toBe("Verifywaitingwhat Verify does");
    expect(screen.getAllByRole("listitem")[1]?.getAttribute("aria-current")).toBe("step");
  });
});

describe("a run", () => {
  test("cancelling says what it means before it is done", async () => {
    know(aRun({ cancel_means: "Stops making atlas-exp; volumes that exist stay." }));
    render(<RunDetailPage runId="r1" />);
    fireEvent.click(screen.getByRole("button", { name: "Cancel…" }));
    const dialog = await screen.findByRole("dialog");
    expect(dialog.textContent).toContain("Stops making atlas-exp; volumes that exist stay.");
    expect(core.calls("run_cancel")).toEqual([]);
    fireEvent.click(within(dialog).getByRole("button", { name: "Cancel run" }));
    await waitFor(() => expect(core.calls("run_cancel")).toEqual([{ run_id: "r1" }]));
  });

  test("one that cannot be cancelled offers no cancelling", () => {
    know(aRun());
    render(<RunDetailPage runId="r1" />);
    expect(screen.queryByRole("button", { name: "Cancel…" })).toBeNull();
  });

  test("a failed one says why, and retries", async () => {
    know(
      aRun({ status: "failed", ended_at: Date.now(), error: failure("not_found", "no such image: dev:9") }),
    );
    render(<RunDetailPage runId="r1" />);
    expect(screen.getByRole("alert").textContent).toContain("No such image: dev:9.");
    fireEvent.click(screen.getByRole("button", { name: "Retry" }));
    await waitFor(() => expect(history.location.pathname).toBe("/runs/r2"));
  });

  test("an interrupted one is explained, and what it left is removed by name", async () => {
    know(aRun({ status: "interrupted", ended_at: Date.now(), leftover: "atlas-exp" }));
    render(<RunDetailPage runId="r1" />);
    expect(screen.getByRole("note").textContent).toContain("Moorline ended while this ran.");
    fireEvent.click(screen.getByRole("button", { name: "Remove atlas-exp…" }));
    const dialog = await screen.findByRole("dialog", { name: "Remove atlas-exp from forge-1?" });
    fireEvent.click(within(dialog).getByRole("button", { name: "Remove atlas-exp" }));
    await waitFor(() => expect(core.calls("run_remove_leftover")).toEqual([{ run_id: "r1" }]));
    await waitFor(() => expect(history.location.pathname).toBe("/runs/r3"));
  });

  test("one that this page does not know is asked for, or said to be gone", async () => {
    core.answer("run_get", () => aRun({ id: "old", verb: "stop" }));
    render(<RunDetailPage runId="old" />);
    await screen.findByRole("heading", { name: "Stop atlas-exp" });

    core.answer("run_get", () => {
      throw failure("not_found", "no such run");
    });
    render(<RunDetailPage runId="gone" />);
    await screen.findByText("This run is not known any more.");
  });
});

describe("lists of runs", () => {
  const runs = [
    aRun({ id: "a", started_at: 1000, status: "succeeded", verb: "stop", subject: subject("atlas-api") }),
    aRun({
      id: "b",
      started_at: 3000,
      status: "failed",
      subject: subject("carol"),
      error: failure("rejected", "disk full"),
    }),
    aRun({ id: "c", started_at: 2000, status: "running", verb: "start", subject: subject("atlas-web") }),
  ];
  const ids = (search: string, status: Run["status"] | null = null) =>
    matchingRuns(runs, { search, status }).map(({ id }) => id);

  test("newest first, by words and by status", () => {
    expect(ids("")).toEqual(["b", "c", "a"]);
    expect(ids("ATLAS")).toEqual(["c", "a"]);
    expect(ids("atlas stop")).toEqual(["a"]);
    expect(ids("disk full")).toEqual(["b"]);
    expect(ids("", "running")).toEqual(["c"]);
  });

  test("the page says which emptiness it is", async () => {
    render(<RunsPage />);
    expect(await screen.findByText("No runs yet")).toBeTruthy();
    fireEvent.change(screen.getByRole("searchbox"), { target: { value: "nothing" } });
    expect(screen.getByText("No run matches")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Clear filter" }));
    expect(screen.getByText("No runs yet")).toBeTruthy();
  });

  test("the page finds runs that are no longer in memory", async () => {
    core.answer("runs_list", () => [aRun({ id: "old", subject: subject("legacy-etl") })]);
    render(<RunsPage />);
    expect(await screen.findByText("legacy-etl")).toBeTruthy();
  });

  test("a workspace shows its own runs, and a click opens one", () => {
    know(...runs);
    render(<RunList workspace={{ connection_id: "forge-1", workspace_id: "atlas-api" }} />);
    const rows = screen.getAllByRole("row").slice(1);
    expect(rows.map((row) => row.textContent)).toHaveLength(1);
    fireEvent.click(screen.getByText("atlas-api"));
    expect(history.location.pathname).toBe("/runs/a");
  });
});
