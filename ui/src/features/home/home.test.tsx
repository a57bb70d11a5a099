import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { useHidden } from "@/app/hidden";
import { history } from "@/app/navigation";
import { emptyCore, mergeLists, useCore } from "@/app/store";
import { useToasts } from "@/app/toasts";
import type { Run } from "@/ipc";
import { descriptors } from "@/ipc/mock/connections";
import { makeScene } from "@/ipc/mock/scenes";
import { fakeCore } from "@/test/core";
import { aRun } from "@/test/run";
import { HomePage } from "./HomePage";
import { needsOf } from "./needs";
import { todaysRuns } from "./Today";

function show(scene: string, change: Partial<ReturnType<typeof makeScene>> = {}) {
  const core = fakeCore();
  useCore.setState(mergeLists(emptyCore, { ...makeScene(scene), descriptors, ...change }), true);
  const answered: string[] = [];
  render(<HomePage cpu={() => null} onAnswer={(id) => answered.push(id)} />);
  return { core, answered, person: userEvent.setup() };
}

beforeEach(() => {
  localStorage.clear();
  useHidden.setState({ keys: [] });
  useToasts.setState({ toasts: [] });
  history.push("/home");
});

const needTitles = () =>
  within(screen.getByRole("region", { name: "What needs you" }))
    .getAllByRole("listitem")
    .map((item) => item.querySelector("button")?.textContent);

test("questions stand first, then connections, then tunnels, then runs", async () => {
  const { answered, person } = show("hostkey");
  expect(needTitles()).toEqual([
    "forge-1 shows a host key that needs your decision",
    "jump-2 does not answer",
    "lab-west is not connected",
    "jump-3 does not answer",
  ]);
  expect(screen.getByText("7 things need you")).toBeTruthy();
  await person.click(screen.getByRole("button", { name: "Answer…" }));
  expect(answered).toEqual(["q1"]);
  await person.click(screen.getByRole("button", { name: "Show 3 more" }));
  expect(needTitles().slice(4)).toEqual([
    "Port 8080 for api is taken",
    "Could not start carol",
    "Creating probe was interrupted",
  ]);
});

test("each has the one button that helps", async () => {
  const { core, person } = show("rich");
  await person.click(screen.getByRole("button", { name: "Show 2 more" }));
  await person.click(screen.getAllByRole("button", { name: "Try now" })[0] as HTMLElement);
  expect(core.calls("connection_connect")).toEqual([{ connection_id: "jump-2" }]);
  core.answer("run_retry", () => ({ run_id: "again" }));
  await person.click(screen.getByRole("button", { name: "Retry" }));
  expect(core.calls("run_retry")).toEqual([{ run_id: "run-carol" }]);
  await person.click(screen.getByRole("button", { name: "Use 8081 this time" }));
  expect(core.calls("tunnel_start")).toEqual([{ tunnel_id: "api", port: 8081 }]);
  await person.click(screen.getAllByRole("button", { name: "Show" })[0] as HTMLElement);
  expect(history.location.pathname).toBe("/connections/lab-west");
});

test("what is hidden stays hidden, and can be brought back at once", async () => {
  const { person } = show("rich");
  await person.click(screen.getByRole("button", { name: "Show 2 more" }));
  await person.click(screen.getByRole("button", { name: "Hide: Could not start carol" }));
  expect(screen.queryByText("Could not start carol")).toBeNull();
  expect(localStorage.getItem("moorline.hidden")).toContain("run-carol");
  const toast = useToasts.getState().toasts[0];
  expect(toast?.text).toBe("Hidden: Could not start carol");
  toast?.action?.run();
  expect(await screen.findByText("Could not start carol")).toBeTruthy();
});

test("a run that went well since takes the need away; a first lost try is none", () => {
  const failed: Run = aRun({ id: "a", status: "failed", started_at: Date.now() - 9000 });
  const known = { questions: [], connections: [], tunnels: {}, runs: { a: failed } };
  expect(needsOf(known, [], Date.now()).map(({ key }) => key)).toEqual(["run:a"]);
  const better = { ...known, runs: { a: failed, b: aRun({ id: "b", status: "succeeded" }) } };
  expect(
    needsOf(
      { ...better, runs: { ...better.runs, b: { ...better.runs.b, started_at: Date.now() } } },
      [],
      Date.now(),
    ),
  ).toEqual([]);
  expect(needsOf(known, [], Date.now() + 8 * 86_400_000)).toEqual([]);
});

test("cards show the most important workspaces, and how old they are where nobody answers", () => {
  show("rich");
  const forge = screen.getByRole("region", { name: "forge-1" });
  expect(
    within(forge)
      .getAllByRole("link")
      .map((link) => link.getAttribute("title") ?? link.textContent),
  ).toEqual(["forge-1", "atlas-api: Running", "atlas-web: Running", "registry: Running"]);
  expect(within(forge).getByText(/21 of 64 GiB used · 3 of 4 running/)).toBeTruthy();
  const jump = screen.getByRole("region", { name: "jump-3" });
  expect(within(jump).getByText(/1 workspace, as of/)).toBeTruthy();
});

test("today holds the runs since midnight and those that go on", () => {
  const now = new Date(2026, 5, 5, 9, 0).getTime();
  const at = (id: string, hours: number, status: Run["status"] = "succeeded") =>
    aRun({ id, status, started_at: now - hours * 3_600_000 });
  const runs = [at("morning", 1), at("yesterday", 12), at("long", 30, "running"), at("now", 0)];
  expect(todaysRuns(runs, now).map(({ id }) => id)).toEqual(["now", "morning", "long"]);
});
