/* Invented runs about labs, and what they print. */
import type { LogLine, Run, RunStatus, RunStep, StepStatus } from "../generated/types";
import { HOUR, NOW } from "./connections";

const SUMMARIES: Record<string, string> = {
  Sync: "Bring the lab's folder on the server to what the template has",
  Queue: "Wait until netlab has no other job",
  Run: "Let netlab start and configure the nodes",
  Verify: "Look whether it is as netlab says",
  Collect: "Fetch what was collected",
};

/** Names with how long each took; null for what has not ended. */
type Took = readonly [name: string, status: StepStatus, took: number | null];

function steps(began: number, all: readonly Took[]): RunStep[] {
  let at = began;
  return all.map(([name, status, took]) => {
    const started_at = status === "waiting" || status === "skipped" ? null : at;
    const ended_at = started_at !== null && took !== null ? started_at + took : null;
    at += took ?? 0;
    return { name, summary: SUMMARIES[name] ?? "", status, started_at, ended_at, progress: null };
  });
}

const run = (
  id: string,
  verb: string,
  lab: { at: string; id: string; name: string },
  status: RunStatus,
  began: number,
  took: readonly Took[],
  rest: Partial<Run> = {},
): Run => ({
  id,
  verb,
  subject: {
    connection_id: lab.at,
    connection_name: lab.at,
    name: lab.name,
    workspace_id: null,
    lab_id: lab.id,
  },
  status,
  started_at: began,
  ended_at: status === "running" ? null : began + took.reduce((sum, [, , ms]) => sum + (ms ?? 0), 0),
  steps: steps(began, took),
  error: null,
  input: {},
  cancel_means: null,
  leftover: null,
  log_lines: 12,
  ...rest,
});

const lan = { at: "lab-west", id: "/home/alice/netlab/bgp-lan", name: "bgp-lan" };
const fabric = { at: "clab-a", id: "evpn-fabric", name: "evpn-fabric" };
const old = { at: "clab-a", id: "wan-old", name: "wan-old" };

export const labRuns: Run[] = [
  run(
    "run-lab",
    "lab_start",
    lan,
    "running",
    NOW - 41_000,
    [
      ["Sync", "succeeded", 1400],
      ["Queue", "succeeded", 6300],
      ["Run", "running", null],
      ["Verify", "waiting", null],
    ],
    {
      cancel_means:
        "netlab stops the job when it next looks; nodes that were started until then stay. Moorline looks afterwards what is there.",
    },
  ),
  run("run-collect", "lab_collect", fabric, "succeeded", NOW - HOUR, [
    ["Queue", "succeeded", 100],
    ["Run", "succeeded", 5200],
    ["Collect", "succeeded", 900],
  ]),
  run("run-fabric", "lab_start", fabric, "succeeded", NOW - 2 * HOUR, [
    ["Sync", "succeeded", 700],
    ["Queue", "succeeded", 100],
    ["Run", "succeeded", 38_400],
    ["Verify", "succeeded", 1100],
  ]),
  run(
    "run-wan",
    "lab_start",
    old,
    "failed",
    NOW - 3 * HOUR,
    [
      ["Sync", "succeeded", 600],
      ["Queue", "succeeded", 100],
      ["Run", "failed", 2900],
      ["Verify", "skipped", null],
    ],
    {
      error: {
        code: "rejected",
        message: "clab-a does not have the image ceos:4.33",
        hint: "Load the image on the server, or take another in the topology.",
        field: null,
        detail: "Error response from daemon: No such image: ceos:4.33",
      },
    },
  ),
];

const TEXTS = [
  ["note", "3 files (4.1 KiB) sent, 11 were there"],
  ["note", "netlab is busy with ospf-two; this waits"],
  ["note", "netlab took the job as 7c1e"],
  ["stdout", "[CREATED] provider configuration file: clab.yml"],
  ["stdout", "[CREATED] transformed topology dump in YAML format in netlab.snapshot.yml"],
  ["stdout", '11:02:14 INFO Creating lab directory path="/home/alice/netlab/bgp-lan/clab-bgp-lan"'],
  ["stdout", "11:02:15 INFO Creating container name=r1"],
  ["stdout", "11:02:15 INFO Creating container name=r2"],
  ["stdout", "11:02:16 INFO Created link: r1:eth2 ▪┄┄▪ r2:eth2"],
  ["stderr", "11:02:17 WARN node r2: 512 MB of memory are less than frr asks for"],
  ["stdout", "TASK [wait_for_ready : Wait for the daemons of r1] *************************"],
  ["stdout", "ok: [r1]"],
] as const;

export const labRunLog: LogLine[] = TEXTS.map(([stream, text], at) => ({
  at: NOW - 40_000 + at * 2700,
  stream,
  text,
}));

/** A console of a node. */
export const NODE_SCREEN = [
  "l2# show bgp l2vpn evpn summary",
  "Neighbor        V    AS   MsgRcvd   MsgSent   Up/Down  State/PfxRcd",
  "s1              4  65000      812       809  02:08:41           12",
  "s2              4  65000      811       809  02:08:39           12",
  "",
  "Total number of neighbors 2",
  "l2# ",
].join("\r\n");
