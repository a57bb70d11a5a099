/* Invented workspaces: the rows of the design, with one of every state. */
import type {
  Forward,
  WorkspaceDetail,
  WorkspacePort,
  WorkspaceState,
  WorkspaceView,
} from "../generated/types";
import { DAY, HOUR, MINUTE, NOW } from "./connections";

interface Row {
  name: string;
  at: string;
  state: WorkspaceState;
  image: string;
  branch?: string;
  ports?: number[];
  open?: number[];
  age: number;
  remark?: string;
  hasIde?: boolean;
  stale?: boolean;
  isForeign?: boolean;
}

const port = (number: number): WorkspacePort => ({
  port: number,
  server_port: 30_000 + (number % 10_000),
  label: { 22: "ssh", 3000: "web", 8080: "ide", 8443: "ide", 5173: "web" }[number] ?? null,
});

const forward = (row: Row, number: number): Forward => ({
  id: `forward-${row.name}-${number}`,
  workspace: { connection_id: row.at, workspace_id: row.name },
  port: number,
  local_port: number === 8080 ? 18_080 : number,
  remark: number === 8080 ? "8080 is used by another program here" : null,
  open_connections: number === 3000 ? 2 : 0,
});

const view = (row: Row): WorkspaceView => ({
  workspace_ref: { connection_id: row.at, workspace_id: row.name },
  connection_name: row.at,
  workspace: {
    id: row.name,
    name: row.name,
    state: row.state,
    state_remark: row.remark ?? null,
    image: `localhost/${row.image}`,
    branch: row.branch ?? null,
    owner: row.name === "alice" || row.at !== "prod-eu" ? "alice" : row.name,
    created_at: NOW - row.age - MINUTE,
    started_at: row.state === "running" ? NOW - row.age / 2 : null,
    ports: (row.ports ?? []).map(port),
    web_ide: row.hasIde === false ? null : { port: 8080, path: "/" },
    is_managed: !row.isForeign,
    origin: row.isForeign ? "other" : row.name === "legacy-etl" ? "l8s" : "moorline",
  },
  adoption: null,
  stale_since: row.stale ? NOW - 50 * MINUTE : null,
  is_favourite: row.name === "atlas-api",
  forwards: (row.open ?? []).map((number) => forward(row, number)),
});

export const workspaces: WorkspaceView[] = (
  [
    {
      name: "atlas-api",
      at: "forge-1",
      state: "running",
      image: "dev:24.2",
      branch: "main",
      ports: [3000, 5432, 8080, 22],
      open: [3000, 5432, 8080],
      age: 2 * DAY,
    },
    {
      name: "atlas-web",
      at: "forge-1",
      state: "running",
      image: "dev:24.2",
      branch: "feat/login",
      ports: [5173],
      open: [5173],
      age: 5 * HOUR,
    },
    {
      name: "ml-batch",
      at: "forge-2",
      state: "starting",
      image: "cuda-dev:12",
      branch: "exp-31",
      ports: [8888],
      age: 4000,
    },
    { name: "alice", at: "prod-eu", state: "running", image: "code-server:4.1", ports: [8443], age: 9 * DAY },
    {
      name: "review-7f3a1",
      at: "prod-eu",
      state: "running",
      image: "code-server:4.1",
      ports: [8443, 9229],
      age: HOUR,
    },
    {
      name: "bob",
      at: "jump-3",
      state: "unknown",
      image: "ubuntu/24.04",
      ports: [22],
      age: 31 * DAY,
      stale: true,
      hasIde: false,
    },
    { name: "legacy-etl", at: "forge-2", state: "stopped", image: "dev:23.9", age: 130 * DAY },
    {
      name: "carol",
      at: "prod-eu",
      state: "error",
      image: "rstudio:2026",
      ports: [8787],
      age: 12 * MINUTE,
      remark: "exit code 137",
    },
    {
      name: "atlas-docs",
      at: "forge-1",
      state: "stopped",
      image: "dev:24.2",
      branch: "main",
      ports: [4000],
      age: 22 * DAY,
    },
    {
      name: "registry",
      at: "forge-1",
      state: "running",
      image: "registry:2",
      ports: [5000],
      age: 200 * DAY,
      hasIde: false,
      isForeign: true,
    },
  ] satisfies Row[]
).map(view);

/** A long list, for the virtual rows. */
export const manyWorkspaces: WorkspaceView[] = Array.from({ length: 1000 }, (_, index) => {
  const model = workspaces[index % 5] as WorkspaceView;
  const name = `${model.workspace.name}-${index}`;
  return {
    ...model,
    workspace_ref: { ...model.workspace_ref, workspace_id: name },
    workspace: { ...model.workspace, id: name, name },
    forwards: [],
  };
});

export const detailOf = ({ workspace }: WorkspaceView): WorkspaceDetail => ({
  workspace,
  limits: { cpus: 4, memory_bytes: 8 * 2 ** 30 },
  volumes: [
    { name: `${workspace.name}-home`, path: "/home/dev" },
    { name: `${workspace.name}-workspace`, path: "/workspace" },
  ],
  environment_names: ["LANG", "PATH", "DATABASE_URL"],
  labels: { "l8s.managed": "true" },
  command: ["/usr/local/bin/entrypoint"],
  user: "dev",
  exit_code: workspace.state === "error" ? 137 : null,
});
