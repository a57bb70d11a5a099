/* Invented tests of connections and an invented set-up: what is found depends on the connection. */
import type { WireHandlers } from "../contract";
import type {
  ConnectionView,
  Diagnosis,
  DoctorOpenArgs,
  Failure,
  Fix,
  ServerSetup,
  SetupPlan,
  Stage,
} from "../generated/types";
import { note } from "./note";

const encoder = new TextEncoder();
const PACE_MS = 120;

const stage = (id: string, title: string, hop: number | null, summary: string, ms: number): Stage => ({
  id,
  hop,
  title,
  status: "passed",
  summary,
  failure: null,
  fixes: [],
  duration_ms: ms,
});

const failure = (code: Failure["code"], message: string, hint: string, detail: string | null): Failure => ({
  code,
  message,
  hint,
  field: null,
  detail,
});

const machine = (hop: number, host: string, ip: string | null): Stage[] => [
  ip === null
    ? { ...stage("name", "Name", hop, "looked up by bastion.example.org", 0), status: "skipped" }
    : stage("name", "Name", hop, `${host} is ${ip}`, 1),
  stage("port", "Port", hop, "22 is open", 12),
  stage(
    "host_key",
    "Host key",
    hop,
    "ssh-ed25519 SHA256:kX2vLq8Zt0cY1mWb7nJrH4uPdE6sFgA3iOo9fQzRtVk matches ~/.ssh/known_hosts, line 14",
    18,
  ),
  stage("login", "Login", hop, "alice, with keys of the agent", 130),
];

const service: Stage[] = [
  stage("socket", "Socket", null, "/run/user/1000/podman/podman.sock", 21),
  stage("forwarding", "Forwarding", null, "streams to unix sockets are let through", 4),
  stage("version", "Version", null, "Podman 4.3.1, API 4.3.1, rootless", 38),
  stage("image", "Image", null, "6 images, for example dev:24.2", 11),
  stage("ports", "Free ports", null, "96 of 100 pairs are free, 2204 and 3004 are next", 16),
  stage("clock", "Clock", null, "both clocks agree", 6),
];

/** What goes wrong at some connections, by stage. */
const FAULTS: Record<string, [id: string, status: "failed" | "warned", failure: Failure, fixes: Fix[]]> = {
  "lab-west": [
    "login",
    "failed",
    failure(
      "unauthorized",
      "lab-west does not let alice in",
      "The server knows neither of these two keys. Let one of them in with the password, or choose a key that it knows.",
      "tried keys of the agent: refused\ntried key file ~/.ssh/id_ed25519: refused\nthe server accepts: publickey, password",
    ),
    [
      {
        fix: "copy_key",
        hop: 0,
        line: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJx7cM0kq2Wm9vTz4yRr8d alice@laptop",
        file: "~/.ssh/authorized_keys",
      },
      { fix: "edit_field", field: "ssh_host.auth" },
      { fix: "edit_field", field: "ssh_host.user" },
      { fix: "public_key", line: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJx7cM0kq2Wm9vTz4yRr8d alice@laptop" },
      { fix: "command", place: "on this computer", line: "ssh alice@10.4.0.1" },
    ],
  ],
  attic: [
    "socket",
    "failed",
    failure(
      "unreachable",
      "Podman is installed on attic, and none of its sockets is there",
      "Start the socket, or let the set-up do it.",
      "`podman system dial-stdio`: cannot connect to Podman",
    ),
    [
      { fix: "set_up_server" },
      { fix: "command", place: "on attic", line: "systemctl --user enable --now podman.socket" },
      { fix: "command", place: "on attic", line: "sudo systemctl enable --now podman.socket" },
    ],
  ],
  "clab-a": [
    "host_key",
    "failed",
    failure(
      "host_key_unknown",
      "the host key of clab-a (10.4.0.2:22) was not accepted",
      "Compare the fingerprint with the server's, then connect again.",
      "shown: ssh-ed25519 SHA256:Tz7mQe2RbN9wVx5KcL1yUaH8dGj0fSpZ4iEo6MbXqYw",
    ),
    [{ fix: "compare_host_key" }],
  ],
  "prod-eu": [
    "forwarding",
    "warned",
    failure(
      "forbidden",
      "the SSH server of prod-eu lets no streams through to unix sockets",
      "It works without: Moorline switched to `podman system dial-stdio`. Allowing the forwarding makes it faster.",
      null,
    ),
    [{ fix: "command", place: "in sshd_config on prod-eu", line: "AllowStreamLocalForwarding yes" }],
  ],
};

/** Tells a test stage by stage. */
export function fillTest(
  wire: WireHandlers | null,
  { stream, subject }: DoctorOpenArgs,
  connections: readonly ConnectionView[],
): object {
  const view = connections.find(({ connection }) => connection.id === subject.connection_id);
  const name = view?.connection.name ?? subject.input?.name ?? "attic";
  const hosts = view?.ssh_host
    ? [...view.jumps, view.ssh_host]
    : subject.input?.ssh_host
      ? [subject.input.ssh_host]
      : [];
  const hops = hosts.map(({ addresses, user }, index) => ({
    name: index === hosts.length - 1 ? name : (addresses[0]?.host ?? ""),
    addresses,
    user,
  }));
  const found = [
    ...hops.flatMap((hop, index) =>
      machine(index, hop.addresses[0]?.host ?? "", index === 0 ? "192.0.2.10" : null),
    ),
    ...service,
  ];
  const [id, status, fault, fixes] = FAULTS[name] ?? (view ? [] : (FAULTS.attic ?? []));
  const last = hops.length - 1;
  const at = found.findIndex((stage) => stage.id === id && (stage.hop ?? last) === last);
  const stages = found.map((stage, index): Stage => {
    if (index === at && status && fault)
      return { ...stage, status, failure: fault, fixes: atHop(fixes ?? [], last), summary: null };
    return status === "failed" && index > at && stage.id !== "clock"
      ? { ...stage, status: "skipped", summary: null, duration_ms: null }
      : stage;
  });
  const reached = status === "failed" ? at + 1 : stages.length;
  const started_at = Date.now();
  for (let done = 0; done <= reached; done++) {
    const isOver = done === reached;
    const diagnosis: Diagnosis = {
      connection_id: subject.connection_id,
      name,
      kind_title: "Podman",
      hops,
      stages: isOver ? stages : stages.map((stage, index) => pending(stage, index - done)),
      started_at,
      ended_at: isOver ? started_at + 161 : null,
    };
    const line = JSON.stringify({ diagnosis, text: `Connection test of ${name} (Podman)` });
    note(line);
    setTimeout(() => wire?.chunk(stream, encoder.encode(`${line}\n`)), done * PACE_MS);
  }
  setTimeout(() => wire?.event({ type: "stream_end", stream, error: null }), (reached + 1) * PACE_MS);
  return {};
}

/** Copying a key is about the machine that refused it. */
const atHop = (fixes: readonly Fix[], hop: number): Fix[] =>
  fixes.map((fix) => (fix.fix === "copy_key" ? { ...fix, hop } : fix));

const pending = (stage: Stage, ahead: number): Stage =>
  ahead < 0
    ? stage
    : {
        ...stage,
        status: ahead === 0 ? "running" : "waiting",
        summary: null,
        failure: null,
        fixes: [],
        duration_ms: null,
      };

export const setupOffer: ServerSetup = {
  title: "Set up Podman on the server",
  summary:
    "For Fedora, Debian and Ubuntu with systemd. The script installs Podman from the server's own packages, starts its socket, and lets your login use it. It changes only what is not yet as it should be.",
  fields: [
    {
      name: "mode",
      label: "Whose containers",
      help: null,
      placeholder: null,
      is_required: true,
      default: "rootless",
      is_advanced: false,
      kind: {
        type: "choice",
        open: false,
        choices: [
          {
            value: "rootless",
            label: "This login's own (rootless)",
            remark: "Containers have no more rights than the login. The safe choice on a shared server.",
          },
          {
            value: "rootful",
            label: "Root's, for a group (rootful)",
            remark: "One Podman for everybody in the group podman, as l8s uses it.",
          },
        ],
      },
    },
  ],
  script: `#!/bin/sh\n# Prepares a Fedora, Debian or Ubuntu server, so that LOGIN can use Podman on it through SSH.\nset -eu\n\n${Array.from(
    { length: 14 },
    (_, index) => `# Part ${index + 1}\nif ! has_part ${index + 1}; then\n    make_part ${index + 1}\nfi\n`,
  ).join("\n")}`,
};

export function setupPlan(mode: string | undefined): SetupPlan {
  const isRootful = mode === "rootful";
  const step = (name: string, summary: string) => ({ name, summary });
  return {
    arguments: [mode ?? "rootless", "alice"],
    steps: [
      step("System", "Fedora, Debian or Ubuntu with systemd"),
      step("Packages", "podman, 4.0 or newer"),
      isRootful
        ? step("Group", "the group podman, with alice in it")
        : step("Ids", "a range of user ids for alice's containers"),
      isRootful
        ? step("Access", "the socket and its folder belong to the group podman")
        : step("Lingering", "services of alice go on without a login"),
      step("Socket", "podman.socket, now and at every start"),
      step("Check", "podman.sock is there"),
    ],
    warnings: [
      isRootful
        ? "Whoever may use this socket is as powerful as root on that machine: a container can be given any of its files. alice will be, and so is everybody else in the group podman."
        : "alice may start containers that go on after the last logout. They have alice's own rights on that machine, and no others.",
      "It runs as root on the server, and installs packages when they are missing. No port is opened and nothing is removed.",
    ],
    problems: [],
  };
}
