/* Invented runs: one under way, and one of every outcome. */
import type { LogLine, Run, RunStatus, RunStep, StepStatus } from "../generated/types";
import { HOUR, MINUTE, NOW } from "./connections";

const step = (
  name: string,
  summary: string,
  status: StepStatus,
  from: number | null,
  took: number | null,
): RunStep => ({
  name,
  summary,
  status,
  started_at: from,
  ended_at: from !== null && took !== null ? from + took : null,
  progress: null,
});

const run = (
  id: string,
  verb: string,
  name: string,
  at: string,
  status: RunStatus,
  began: number,
  rest: Partial<Run> = {},
): Run => ({
  id,
  verb,
  subject: { connection_id: at, connection_name: at, name, workspace_id: name, lab_id: null },
  status,
  started_at: began,
  ended_at: status === "running" ? null : began + 1800,
  steps: [
    step("Check", "names, ports, image", "succeeded", began, 200),
    step(verb, name, "succeeded", began + 200, 1600),
  ],
  error: null,
  input: {},
  cancel_means: null,
  leftover: null,
  log_lines: 5,
  ...rest,
});

const began = NOW - 13_600;

export const runs: Run[] = [
  run("run-create", "create", "atlas-exp", "forge-1", "running", began, {
    cancel_means: "Stops making atlas-exp and removes its container; volumes that exist stay.",
    steps: [
      step("Check", "names, port, image", "succeeded", began, 200),
      step("Volumes", "atlas-exp-home, atlas-exp-workspace", "succeeded", began + 200, 300),
      step("Create container", "4 CPU · 8 GiB", "succeeded", began + 500, 1100),
      step("Start", "container atlas-exp", "running", began + 1600, null),
      step("Verify", "SSH answers, IDE answers", "waiting", null, null),
    ],
    subject: {
      connection_id: "forge-1",
      connection_name: "forge-1",
      name: "atlas-exp",
      workspace_id: null,
      lab_id: null,
    },
  }),
  run("run-pull", "pull_image", "docker.io/library/postgres:17", "forge-1", "running", NOW - 9000, {
    cancel_means: "Stops fetching. What was fetched so far is thrown away by the server.",
    steps: [
      step("Ask", "Ask docker.io for docker.io/library/postgres:17", "succeeded", NOW - 9000, 700),
      {
        ...step("Fetch", "Fetch what forge-1 does not have", "running", NOW - 8300, null),
        progress: { done_bytes: 96_400_000, total_bytes: 151_000_000 },
      },
      step("Look", "Look that forge-1 has it", "waiting", null, null),
    ],
    subject: {
      connection_id: "forge-1",
      connection_name: "forge-1",
      name: "docker.io/library/postgres:17",
      workspace_id: null,
      lab_id: null,
    },
  }),
  run("run-start", "start", "ml-batch", "forge-2", "running", NOW - 4000, {
    steps: [step("Start", "container ml-batch", "running", NOW - 4000, null)],
    cancel_means: "Stops waiting; ml-batch goes on starting.",
  }),
  run("run-carol", "start", "carol", "prod-eu", "failed", NOW - 12 * MINUTE, {
    error: {
      code: "not_found",
      message: "prod-eu does not have the image rstudio:2026",
      hint: "Choose another image, or pull it on the server.",
      field: null,
      detail: "no such image: rstudio:2026",
    },
  }),
  run("run-stop", "stop", "atlas-docs", "forge-1", "succeeded", NOW - 2 * HOUR),
  run("run-interrupted", "create", "probe", "forge-1", "interrupted", NOW - 26 * HOUR, { leftover: "probe" }),
  run("run-cancelled", "restart", "atlas-web", "forge-1", "cancelled", NOW - 30 * HOUR),
];

const setupSteps = [
  ["System", "Fedora, Debian or Ubuntu with systemd"],
  ["Packages", "podman, 4.0 or newer"],
  ["Ids", "a range of user ids for alice's containers"],
  ["Lingering", "services of alice go on without a login"],
  ["Socket", "podman.socket, now and at every start"],
  ["Check", "podman.sock is there"],
] as const;

const setup = (status: RunStatus, step_status: StepStatus) =>
  run("run-setup", "set up", "attic", "attic", status, NOW, {
    subject: {
      connection_id: "attic",
      connection_name: "attic",
      name: "attic",
      workspace_id: null,
      lab_id: null,
    },
    steps: setupSteps.map(([name, summary], index) =>
      step(name, summary, index === 0 ? "skipped" : step_status, NOW, 400),
    ),
    cancel_means: "Moorline stops waiting.",
  });

/** A server being set up, and when it is done. */
export const setupRunning = setup("running", "running");
export const setupDone = setup("succeeded", "succeeded");

export const runLog: LogLine[] = [
  { at: began + 100, stream: "note", text: "atlas-exp is free on forge-1" },
  { at: began + 400, stream: "stdout", text: "volume atlas-exp-home made" },
  { at: began + 700, stream: "stdout", text: "container atlas-exp made from localhost/dev:24.2" },
  { at: began + 1700, stream: "stderr", text: "warning: no health check in this image" },
  { at: began + 2100, stream: "stdout", text: "waiting for sshd on port 22" },
];

export const workspaceLog: LogLine[] = Array.from({ length: 400 }, (_, index) => ({
  at: NOW - (400 - index) * 900,
  stream: index % 37 === 0 ? "stderr" : "stdout",
  text:
    index % 37 === 0
      ? `WARN pool at ${index % 10} of 10 connections`
      : `INFO GET /items/${index} 200 ${((index % 9) / 10 + 0.3).toFixed(1)} ms`,
}));
