/* What a `?mock=<scene>` page shows. */
import type {
  AppInfo,
  ConnectionView,
  LabView,
  LinkRequest,
  Notice,
  Question,
  Run,
  Settings,
  TemplateView,
  TerminalView,
  TunnelView,
  UpdateState,
  WorkspaceView,
} from "../generated/types";
import { connections } from "./connections";
import { fleetConnections, fleetWorkspaces } from "./fleet";
import { labRuns } from "./lab-runs";
import { isLabScene, labConnections, labsOf, templates } from "./labs";
import { labNotices, links, notices } from "./notices";
import { runs } from "./runs";
import { updateOf } from "./settings";
import { tunnelsOf } from "./tunnels";
import { manyWorkspaces, workspaces } from "./workspaces";

export interface Scene {
  name: string;
  info: AppInfo;
  settings: Settings;
  connections: ConnectionView[];
  workspaces: WorkspaceView[];
  runs: Run[];
  questions: Question[];
  terminals: TerminalView[];
  tunnels: TunnelView[];
  labs: LabView[];
  templates: TemplateView[];
  /** Plain ssh knows the workspaces. */
  isSshIncluded: boolean;
  update: UpdateState;
  notices: Notice[];
  links: LinkRequest[];
}

const key = (fingerprint: string) => ({ algorithm: "ssh-ed25519", fingerprint: `SHA256:${fingerprint}` });
const address = { host: "forge-1.example.org", port: 22 };
const shown = key("Tz7mQe2RbN9wVx5KcL1yUaH8dGj0fSpZ4iEo6MbXqYw");
const known = [
  { key: key("kX2vLq8Zt0cY1mWb7nJrH4uPdE6sFgA3iOo9fQzRtVk"), file: "~/.ssh/known_hosts", line: 14 },
];

const questions: Record<string, Question> = {
  hostkey: {
    id: "q1",
    subject: "forge-1",
    question: { kind: "host_key", address, verdict: "changed", shown, known },
  },
  unknown: {
    id: "q1",
    subject: "forge-1",
    question: { kind: "host_key", address, verdict: "unknown", shown, known: [] },
  },
  revoked: {
    id: "q1",
    subject: "forge-1",
    question: {
      kind: "host_key",
      address,
      verdict: "revoked",
      shown,
      known: [{ key: shown, file: "/etc/ssh/ssh_known_hosts", line: 3 }],
    },
  },
  credentials: {
    id: "q1",
    subject: "forge-1",
    question: {
      kind: "credentials",
      title: "Password of alice on forge-1",
      instruction: "The server asks for two things.",
      prompts: [
        { label: "Password", is_echoed: false },
        { label: "Verification code", is_echoed: true },
      ],
      can_remember: true,
      refused: "forge-1 did not accept the last password.",
    },
  },
  certificate: {
    id: "q1",
    subject: "clab-a",
    question: {
      kind: "certificate",
      server: "https://clab-a.example.org:8080",
      verdict: "unknown",
      fingerprint: "3f9a0c72e11b84d65a07c3be29f1d840b6157e2ac9d38f40e6127b05da91c83e",
      known: null,
      subject: "CN=clab-a",
      issuer: "CN=clab-a",
      valid_until: Date.now() + 300 * 86_400_000,
      reason: "it is signed by itself",
    },
  },
  "certificate-changed": {
    id: "q1",
    subject: "clab-a",
    question: {
      kind: "certificate",
      server: "https://clab-a.example.org:8080",
      verdict: "changed",
      fingerprint: "b7150c72e11b84d65a07c3be29f1d840b6157e2ac9d38f40e6127b05da91aa01",
      known: "3f9a0c72e11b84d65a07c3be29f1d840b6157e2ac9d38f40e6127b05da91c83e",
      subject: "CN=clab-a",
      issuer: "CN=clab-a",
      valid_until: Date.now() + 300 * 86_400_000,
      reason: "it is not the one that was trusted",
    },
  },
  vault: {
    id: "q1",
    subject: "forge-1",
    question: { kind: "vault_passphrase", is_new: true, refused: null },
  },
  unlock: {
    id: "q1",
    subject: "forge-1",
    question: {
      kind: "vault_passphrase",
      is_new: false,
      refused: "That passphrase does not open the vault.",
    },
  },
};

function rowsOf(name: string): WorkspaceView[] {
  if (["empty", "bare", "none", "down"].includes(name)) return [];
  return name === "many" ? manyWorkspaces : workspaces;
}

function connectionsOf(name: string): ConnectionView[] {
  if (name === "fleet" || name === "storm") return fleetConnections(connections[0] as ConnectionView);
  if (name === "empty" || name === "bare") return [];
  if (name === "down") return connections.slice(3, 5);
  return isLabScene(name) ? labConnections(name) : connections;
}

export function makeScene(name: string): Scene {
  const isEmpty = name === "empty" || name === "bare";
  const question = questions[name];
  const isFleet = name === "fleet" || name === "storm";
  return {
    name,
    info: {
      version: "0.1.0",
      platform: "linux",
      data_folder: "/home/alice/.local/share/moorline",
      secrets:
        name === "vault" || name === "vault-kept"
          ? { kept_in: "vault", is_unlocked: false }
          : { kept_in: "keychain", name: "GNOME Keyring" },
      is_desktop: true,
      storage_notice:
        name === "storage" ? "The database was damaged and was put aside as moorline.broken-1.db." : null,
    },
    settings: {
      color_scheme: "system",
      density: name === "compact" ? "compact" : "comfortable",
      language: "",
      terminal_font_size: 13,
      terminal_scrollback: 10_000,
      keepalive_seconds: 15,
      open_ide_in_browser: false,
      editor: "vs_code",
      close_to_tray: true,
      start_at_login: true,
      start_hidden: true,
      notifications: true,
      check_for_updates: true,
    },
    connections: connectionsOf(name),
    workspaces: isFleet ? fleetWorkspaces(workspaces) : rowsOf(name),
    runs: isEmpty ? [] : isLabScene(name) ? [...labRuns, ...runs] : runs,
    questions: question ? [question] : [],
    terminals: [],
    tunnels: tunnelsOf(name),
    labs: labsOf(name),
    templates: isLabScene(name) && name !== "labs-none" ? templates : [],
    isSshIncluded: name !== "rich",
    update: updateOf(name),
    notices: isEmpty ? [] : isLabScene(name) ? labNotices : notices,
    links: links[name] ? [links[name]] : [],
  };
}
