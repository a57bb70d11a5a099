/* Invented answers for settings, updates, transfer, Moorline's own log and the support bundle. */
import type { WireHandlers } from "../contract";
import type { LogLine, Settings, SupportBundle, TransferPreview, UpdateState } from "../generated/types";

const HOUR = 3_600_000;

const offer = {
  version: "0.2.0",
  notes:
    "Workspaces from git, with a certificate for each.\nThe dock shows terminals side by side.\nReconnecting after sleep takes half as long.",
  published_at: Date.now() - 30 * HOUR,
};

const updates: Record<string, UpdateState> = {
  update: { at: "available", offer, checked_at: Date.now() - HOUR },
  installing: { at: "installing", offer, done_bytes: 7_340_032, total_bytes: 18_874_368 },
  source: { at: "unsupported" },
};

const preview: TransferPreview = {
  made_by: "Moorline 0.1.0",
  items: [
    {
      key: "settings",
      kind: "settings",
      name: "Settings",
      change: { change: "differs", points: ["color scheme", "terminal font size"] },
      asks_for_secrets: false,
    },
    {
      key: "host:1",
      kind: "ssh_host",
      name: "alice@forge-3.example.org:22",
      change: { change: "new" },
      asks_for_secrets: true,
    },
    {
      key: "host:2",
      kind: "ssh_host",
      name: "alice@forge-1.example.org:22",
      change: { change: "same" },
      asks_for_secrets: false,
    },
    {
      key: "connection:1",
      kind: "connection",
      name: "forge-3",
      change: { change: "new" },
      asks_for_secrets: false,
    },
    {
      key: "connection:2",
      kind: "connection",
      name: "forge-1",
      change: { change: "differs", points: ["connecting at start"] },
      asks_for_secrets: false,
    },
    {
      key: "connection:3",
      kind: "connection",
      name: "cluster-9",
      change: { change: "refused", reason: 'this build has no connections of the kind "kubernetes"' },
      asks_for_secrets: false,
    },
    {
      key: "favourite:1",
      kind: "favourite",
      name: "4e2c81f0aa91 on forge-1",
      change: { change: "same" },
      asks_for_secrets: false,
    },
  ],
};

const journal = (
  [
    ["32mINFO ", "app::core", "the core started version=0.1.0"],
    ["32mINFO ", "app::sessions", "connected connection_id=0197c3 round_trip_ms=23"],
    ["33mWARN ", "app::sessions::keep", "no answer to 2 keepalives connection_id=0197d8"],
    ["31mERROR", "app::runs", "a run failed run_id=0197e1 code=Conflict"],
    [
      "32mINFO ",
      "app::updates",
      "the update check failed failure=cannot reach the server that has the updates",
    ],
  ] as const
).map(
  ([level, target, text], index): LogLine => ({
    at: Date.now() - (5 - index) * 61_000,
    stream: "stdout",
    text: `\u001b[${level}\u001b[0m \u001b[2m${target}\u001b[0m ${text}`,
  }),
);

const bundle: SupportBundle = {
  replaced: 128,
  files: [
    {
      name: "about.txt",
      about: "The version, the system and the settings.",
      text: 'Moorline 0.1.0\nsystem: linux x86_64\nhost: desktop\ndata folder: <home-1>/.local/share/moorline\nsecrets: keychain (GNOME Keyring)\n\n[settings]\ncolor_scheme = "system"\n',
    },
    {
      name: "connections.txt",
      about: "Each connection, its state and its last error.",
      text: '<connection-1> (podman)\n  state: connected, round trip 23 ms\n  server: Podman 4.3.1 rootless\n\n<connection-2> (podman)\n  state: failed: Unreachable: cannot reach host "<host-2>" (<address>:22)\n',
    },
    {
      name: "runs.txt",
      about: "The newest runs, and why they failed.",
      text: "1763720000000 create <workspace-3> on <connection-1>: failed in 812 ms\n  step pull: Failed\n",
    },
    {
      name: "log.txt",
      about: "Moorline's own log since it was started.",
      text: journal.map(({ text }) => text).join("\n"),
    },
  ],
};

export const updateOf = (scene: string): UpdateState =>
  updates[scene] ?? { at: "current", checked_at: Date.now() - HOUR };

export function settingsHandlers(
  state: { settings: Settings; update: UpdateState },
  wire: () => WireHandlers | null,
) {
  return {
    update_get: (): UpdateState => (state.settings.check_for_updates ? state.update : { at: "off" }),
    update_check: () => ({ at: "current", checked_at: Date.now() }),
    transfer_preview: () => preview,
    transfer_import: () => ({
      added: 2,
      replaced: 0,
      backup: "/home/alice/.local/share/moorline/backups/before-import.toml",
    }),
    transfer_export: () => ({ path: "/home/alice/moorline.toml" }),
    settings_reset: () => state.settings,
    app_reset: () => ({ path: "/home/alice/.local/share/moorline/backups/before-reset.toml" }),
    journal_open: ({ stream }: { stream: number }) => {
      const text = journal.map((line) => `${JSON.stringify(line)}\n`).join("");
      setTimeout(() => wire()?.chunk(stream, new TextEncoder().encode(text)), 10);
      return {};
    },
    support_preview: () => bundle,
    support_save: () => ({ path: "/home/alice/moorline-support.zip" }),
  };
}
