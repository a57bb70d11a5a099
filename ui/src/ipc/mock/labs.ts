/* Invented labs on two servers, one of each dialect, in every state one can be in. */
import type {
  ConnectionView,
  Lab,
  LabFeatures,
  LabOrigin,
  LabState,
  LabView,
  TemplateView,
} from "../generated/types";
import { connections, DAY, HOUR, MINUTE, NOW, silent } from "./connections";

export const NETLAB: LabFeatures = {
  dialect: "netlab api, 26.2 or newer",
  verbs: ["validate", "create", "start", "stop", "restart", "destroy", "collect"],
  node_verbs: [],
  takes: ["netlab"],
  instances: 199,
  is_one_at_a_time: true,
  console: true,
  node_logs: false,
  exec: false,
  interfaces: false,
  rates: false,
  impairments: false,
  capture: false,
  images: false,
  changes: false,
  lacks: [
    "Netlab's API cannot start or stop one node.",
    "Netlab's API tells no rates and makes no link worse.",
    "What a change would do cannot be told before it is done.",
  ],
  warnings: [],
};

export const CONTAINERLAB: LabFeatures = {
  dialect: "containerlab API, 0.6",
  verbs: ["validate", "create", "start", "stop", "restart", "apply", "redeploy", "destroy", "collect"],
  node_verbs: ["start", "stop", "restart", "pause", "unpause"],
  takes: ["containerlab"],
  instances: null,
  is_one_at_a_time: false,
  console: true,
  node_logs: true,
  exec: true,
  interfaces: true,
  rates: true,
  impairments: true,
  capture: true,
  images: true,
  changes: true,
  lacks: [],
  warnings: ["clab-a answers without a password: whoever reaches it can do everything there."],
};

const NONE = {
  lifecycle: false,
  watch: true,
  endpoints: false,
  logs: true,
  exec: true,
  files: false,
  metrics: false,
  apply: false,
  rebuild: false,
  volumes: false,
  ssh_access: false,
  images: false,
  adopt: false,
};

function labServer(name: string, labs: LabFeatures, lab_count: number): ConnectionView {
  const base = connections.find(({ connection }) => connection.id === name) as ConnectionView;
  const kind = labs === NETLAB ? "netlab" : "containerlab";
  return {
    ...base,
    connection: { ...base.connection, kind },
    state: { state: "connected", since: NOW - 3 * HOUR, round_trip_ms: 18 },
    server: {
      product: labs === NETLAB ? "netlab 26.10" : "containerlab 0.75",
      remark: null,
      cpus: 16,
      memory_bytes: 64 * 2 ** 30,
      memory_free_bytes: 31 * 2 ** 30,
      disk_free_bytes: 120 * 2 ** 30,
    },
    abilities: { ...NONE, labs: true },
    labs,
    lab_count,
  };
}

const lab = (id: string, name: string, state: LabState, nodes: [number | null, number | null]): Lab => ({
  id,
  name,
  state,
  state_remark: null,
  instance: null,
  owner: "alice",
  is_mine: true,
  nodes_running: nodes[0],
  nodes_total: nodes[1],
  started_at: state === "running" || state === "partly" ? NOW - 2 * HOUR - 10 * MINUTE : null,
  path: null,
});

const origin: LabOrigin = {
  template: { template_id: "t-labs", topology: "evpn/topology.yml" },
  template_name: "labs",
  commit: "4f2a91c",
  variables: { leafs: "3" },
  created_at: NOW - 3 * DAY,
};

const view = (connection: string, shown: Lab, rest: Partial<LabView> = {}): LabView => ({
  lab_ref: { connection_id: connection, lab_id: shown.id },
  connection_name: connection,
  lab: shown,
  stale_since: null,
  is_favourite: false,
  origin: null,
  auto_stop: null,
  run_id: null,
  ...rest,
});

const netlab = (
  name: string,
  instance: string,
  state: LabState,
  nodes: [number | null, number | null],
): Lab => ({
  ...lab(`/home/alice/netlab/${name}`, name, state, nodes),
  instance,
  owner: null,
  path: `/home/alice/netlab/${name}`,
});

const labs: LabView[] = [
  view("clab-a", lab("evpn-fabric", "evpn-fabric", "running", [7, 7]), {
    origin,
    is_favourite: true,
    auto_stop: { at: NOW + 5 * HOUR, after_minutes: 480 },
  }),
  view("clab-a", { ...lab("srl-mpls", "srl-mpls", "partly", [3, 4]), owner: "bob", is_mine: false }),
  view("clab-a", {
    ...lab("wan-old", "wan-old", "failed", [0, 5]),
    state_remark: "containerlab: image ceos:4.33 is not there",
  }),
  view("lab-west", netlab("ospf-two", "1", "running", [2, 2]), { origin }),
  view("lab-west", netlab("bgp-lan", "2", "starting", [1, 4]), { origin, run_id: "run-lab" }),
  view("lab-west", netlab("isis", "3", "stopped", [0, 6])),
  view("lab-west", netlab("vrf-demo", "4", "created", [null, null])),
];

const files = ["evpn/topology.yml", "ospf.yml", "broken/topology.yml"];

export const templates: TemplateView[] = [
  {
    template: {
      id: "t-labs",
      name: "labs",
      source: { from: "git", url: "https://git.example.org/net/labs.git", reference: null, path: "" },
      created_at: NOW - 20 * DAY,
    },
    index: {
      topologies: files.map((path, at) => ({
        path,
        name: ["evpn-fabric", "ospf", "broken"][at] ?? path,
        kind: at === 0 ? "containerlab" : at === 1 ? "netlab" : null,
        nodes: [7, 2, 0][at] ?? 0,
        links: [8, 1, 0][at] ?? 0,
      })),
      commit: "4f2a91c07de1",
      looked_at: NOW - 20 * MINUTE,
      remarks: ["deep/more.yml was left out: only topology.yml counts below the first folder."],
    },
    error: null,
    is_loading: false,
  },
  {
    template: {
      id: "t-home",
      name: "my-labs",
      source: { from: "folder", path: "/home/alice/labs" },
      created_at: NOW - 2 * DAY,
    },
    index: {
      topologies: [{ path: "ring.yml", name: "ring", kind: "netlab", nodes: 6, links: 6 }],
      commit: null,
      looked_at: NOW - HOUR,
      remarks: [],
    },
    error: null,
    is_loading: false,
  },
  {
    template: {
      id: "t-bad",
      name: "customer",
      source: { from: "git", url: "git@git.example.org:customer/labs.git", reference: "main", path: "" },
      created_at: NOW - DAY,
    },
    index: null,
    error: {
      code: "unauthorized",
      message: "git.example.org did not accept the key of git@git.example.org",
      hint: "Add your public key there, or use an https address with a token.",
      field: null,
      detail: "Permission denied (publickey)",
    },
    is_loading: false,
  },
];

/** Whether the scene has lab servers. */
export const isLabScene = (scene: string): boolean => scene.startsWith("labs");

export function labConnections(scene: string): ConnectionView[] {
  const servers: Record<string, ConnectionView> = {
    "lab-west": labServer("lab-west", NETLAB, 4),
    "clab-a": labServer("clab-a", CONTAINERLAB, 3),
  };
  if (scene === "labs-away")
    servers["lab-west"] = {
      ...labServer("lab-west", NETLAB, 4),
      state: {
        state: "reconnecting",
        next_try_at: NOW + 42_000,
        attempt: 3,
        last_seen: NOW - 9 * MINUTE,
        error: silent,
      },
      abilities: null,
      labs: null,
    };
  return connections.map((one) => servers[one.connection.id] ?? one);
}

export function labsOf(scene: string): LabView[] {
  if (!isLabScene(scene) || scene === "labs-none") return [];
  if (scene === "labs-big")
    return [view("clab-a", lab("clos-200", "clos-200", "running", [200, 200]), { origin })];
  if (scene !== "labs-away") return labs;
  return labs.map((one) =>
    one.connection_name === "lab-west" ? { ...one, stale_since: NOW - 9 * MINUTE } : one,
  );
}
