/* Where one can go, as functions, so that features need not know the router. */
import { createHashHistory } from "@tanstack/react-router";
import type { ConnectionId, LabRef, RunId, TunnelId, WorkspaceRef } from "@/ipc";

/** Tabs of a workspace's page. */
export const WORKSPACE_TABS = ["overview", "git", "logs", "terminal", "ports", "metrics", "runs"] as const;
export type WorkspaceTab = (typeof WORKSPACE_TABS)[number];

/** Tabs of a lab's page. */
export const LAB_TABS = ["topology", "nodes", "runs", "config", "files"] as const;
export type LabTab = (typeof LAB_TABS)[number];

export const history = createHashHistory();

const segment = encodeURIComponent;

export const paths = {
  home: () => "/home",
  workspaces: () => "/workspaces",
  workspace: (ref: WorkspaceRef, tab: WorkspaceTab = "overview") =>
    `/workspaces/${segment(ref.connection_id)}/${segment(ref.workspace_id)}/${tab}`,
  labs: () => "/labs",
  lab: (ref: LabRef, tab: LabTab = "topology") =>
    `/labs/${segment(ref.connection_id)}/${segment(ref.lab_id)}/${tab}`,
  templates: () => "/labs/templates",
  tunnels: () => "/tunnels",
  tunnel: (id: TunnelId) => `/tunnels/${segment(id)}`,
  images: () => "/images",
  volumes: () => "/volumes",
  runs: () => "/runs",
  run: (id: RunId) => `/runs/${segment(id)}`,
  connections: () => "/connections",
  connection: (id: ConnectionId) => `/connections/${segment(id)}`,
  connectionTest: (id: ConnectionId) => `/connections/${segment(id)}/test`,
  connectionSetup: (id: ConnectionId) => `/connections/${segment(id)}/set-up`,
  settings: (section?: string) => (section ? `/settings/${segment(section)}` : "/settings"),
  log: () => "/log",
  support: () => "/support",
};

/** Shows a page made with `paths`. */
export function goTo(path: string): void {
  history.push(path);
}
