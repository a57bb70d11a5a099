/* Invented connections, in every state one can be in. */
import type { ConnectionState, ConnectionView, Descriptor, Failure, SshHost } from "../generated/types";

export const NOW = Date.now();
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const silent: Failure = {
  code: "unreachable",
  message: 'cannot reach host "jump-3" (10.0.0.9:22)',
  hint: "Check that the server runs and that port 22 is open from here.",
  field: null,
  detail: "connect: connection timed out after 10 s",
};

const rejected: Failure = {
  code: "unauthorized",
  message: '"lab-west" did not accept the key ~/.ssh/id_ed25519 for user alice',
  hint: "Edit the connection and choose another key or user.",
  field: "ssh_host",
  detail: "server offers: publickey, keyboard-interactive",
};

const host = (name: string, address: string, jumps: string[] = []): SshHost => ({
  id: `host-${name}`,
  addresses: [{ host: address, port: 22 }],
  user: "alice",
  auth: [
    { method: "agent", socket: null },
    { method: "key_file", path: "~/.ssh/id_ed25519", passphrase: null },
  ],
  jumps,
});

const bastion = host("bastion", "bastion.example.org");

function connection(name: string, address: string, state: ConnectionState, count: number): ConnectionView {
  const isUp = state.state === "connected";
  const viaBastion = name === "prod-eu";
  return {
    connection: {
      id: name,
      kind: "podman",
      name,
      fields: {},
      secrets: {},
      ssh_host_id: `host-${name}`,
      connect_at_start: true,
      created_at: NOW - 90 * DAY,
    },
    ssh_host: host(name, address, viaBastion ? [bastion.id] : []),
    jumps: viaBastion ? [bastion] : [],
    state,
    server: isUp
      ? {
          product: "Podman 4.3.1",
          remark: name === "forge-2" ? "rootful" : "rootless",
          cpus: 32,
          memory_bytes: 64 * 2 ** 30,
          memory_free_bytes: 43 * 2 ** 30,
          disk_free_bytes: 212 * 2 ** 30,
        }
      : null,
    abilities: isUp
      ? {
          lifecycle: true,
          watch: true,
          endpoints: true,
          logs: true,
          exec: true,
          files: true,
          metrics: true,
          apply: true,
          rebuild: true,
          volumes: true,
          ssh_access: true,
          images: true,
          adopt: true,
          labs: false,
        }
      : null,
    workspace_count: count,
    labs: null,
    lab_count: 0,
  };
}

const connected = (round_trip_ms: number): ConnectionState => ({
  state: "connected",
  since: NOW - 3 * HOUR,
  round_trip_ms,
});

export const connections: ConnectionView[] = [
  connection("forge-1", "10.0.0.2", connected(12), 4),
  connection("forge-2", "10.0.0.3", connected(31), 2),
  connection("prod-eu", "10.20.0.4", connected(44), 3),
  connection(
    "jump-2",
    "10.0.0.8",
    {
      state: "reconnecting",
      next_try_at: NOW + 42_000,
      attempt: 3,
      last_seen: NOW - 4 * MINUTE,
      error: silent,
    },
    0,
  ),
  connection("lab-west", "10.4.0.1", { state: "failed", error: rejected, last_seen: NOW - 2 * DAY }, 0),
  connection("clab-a", "10.4.0.2", { state: "connecting", stage: "checking the host key" }, 0),
  connection(
    "jump-3",
    "10.0.0.9",
    {
      state: "reconnecting",
      next_try_at: NOW + 40_000,
      attempt: 6,
      last_seen: NOW - 50 * MINUTE,
      error: silent,
    },
    1,
  ),
  connection("attic", "10.0.0.77", { state: "disconnected" }, 0),
];

const text = { placeholder: null, help: null, is_required: false, default: null, is_advanced: false };

export const descriptors: Descriptor[] = [
  {
    kind: "podman",
    title: "Podman",
    summary: "Dev containers on a server that runs Podman, reached by SSH.",
    fields: [
      {
        ...text,
        name: "ssh_host",
        label: "SSH host",
        is_required: true,
        kind: { type: "ssh_host" },
      },
      {
        ...text,
        name: "mode",
        label: "Podman runs",
        default: "auto",
        is_advanced: true,
        kind: {
          type: "choice",
          open: false,
          choices: [
            { value: "auto", label: "Find out", remark: null },
            { value: "rootless", label: "As this user", remark: "rootless" },
            { value: "rootful", label: "As root", remark: "rootful" },
          ],
        },
      },
      {
        ...text,
        name: "socket",
        label: "Socket",
        help: "Leave empty to find it on the server.",
        placeholder: "/run/user/1000/podman/podman.sock",
        is_advanced: true,
        kind: { type: "text", mono: true },
      },
    ],
    notes: ["The server needs Podman 4.3 or newer with its API socket enabled."],
    runs_labs: false,
  },
];
