/* What is behind an invented lab: nodes, links, topology, plans, collected configurations. */
import type {
  CollectedText,
  Collection,
  GraphLink,
  GraphNode,
  Impairment,
  InterfaceRate,
  LabDetail,
  LabNode,
  LabPlan,
  LabVerb,
  LabView,
  NodeState,
  TemplatePreview,
  TopologyGraph,
} from "../generated/types";
import { HOUR, NOW } from "./connections";
import { templates } from "./labs";

const node = (name: string, kind: string, role: string | null): GraphNode => ({ name, kind, role });
const link = (a: string, b: string): GraphLink => {
  const [left = "", right = ""] = [a, b];
  const end = (text: string) => {
    const [name = "", at = ""] = text.split(":");
    return { node: name, interface: at, address: null };
  };
  return { id: `${left}-${right}`, kind: "point_to_point", ends: [end(left), end(right)], label: null };
};

const fabric: TopologyGraph = {
  nodes: [
    node("s1", "frr", "spine"),
    node("s2", "frr", "spine"),
    node("l1", "frr", "leaf"),
    node("l2", "frr", "leaf"),
    node("l3", "frr", "leaf"),
    node("h1", "linux", null),
    node("h2", "linux", null),
  ],
  links: [
    link("s1:eth1", "l1:eth1"),
    link("s1:eth2", "l2:eth1"),
    link("s1:eth3", "l3:eth1"),
    link("s2:eth1", "l1:eth2"),
    link("s2:eth2", "l2:eth2"),
    link("s2:eth3", "l3:eth2"),
    link("l1:eth3", "h1:eth1"),
    link("l3:eth3", "h2:eth1"),
  ],
  remarks: [],
};

const two: TopologyGraph = {
  nodes: [node("r1", "frr", null), node("r2", "frr", null)],
  links: [
    link("r1:eth1", "r2:eth1"),
    {
      id: "stub",
      kind: "stub",
      ends: [{ node: "r1", interface: "eth2", address: null }],
      label: "172.16.0.0/24",
    },
  ],
  remarks: [],
};

const lan: TopologyGraph = {
  nodes: ["r1", "r2", "r3", "h1"].map((name) => node(name, name === "h1" ? "linux" : "frr", null)),
  links: [
    {
      id: "lan1",
      kind: "lan",
      ends: ["r1:eth1", "r2:eth1", "r3:eth1", "h1:eth1"].map((text) => {
        const [name = "", at = ""] = text.split(":");
        return { node: name, interface: at, address: "10.1.0.1/24" };
      }),
      label: "10.1.0.0/24",
    },
    link("r1:eth2", "r2:eth2"),
    { id: "out", kind: "outside", ends: [{ node: "r3", interface: "eth2", address: null }], label: "host" },
  ],
  remarks: ["plugin my-bgp was not understood and left out."],
};

/** A fabric of 200 nodes. */
function clos(): TopologyGraph {
  const spines = Array.from({ length: 8 }, (_, at) => `spine${at + 1}`);
  const leafs = Array.from({ length: 48 }, (_, at) => `leaf${at + 1}`);
  const hosts = Array.from({ length: 144 }, (_, at) => `host${at + 1}`);
  return {
    nodes: [
      ...spines.map((name) => node(name, "nokia_srlinux", "spine")),
      ...leafs.map((name) => node(name, "nokia_srlinux", "leaf")),
      ...hosts.map((name) => node(name, "linux", null)),
    ],
    links: [
      ...leafs.flatMap((leaf, at) =>
        spines
          .filter((_, of) => of % 4 === at % 4)
          .map((spine, of) => link(`${spine}:e1-${at + 1}`, `${leaf}:e1-${of + 1}`)),
      ),
      ...hosts.map((host, at) => link(`leaf${(at % 48) + 1}:e1-${10 + Math.floor(at / 48)}`, `${host}:eth1`)),
    ],
    remarks: [],
  };
}

const GRAPHS: Record<string, () => TopologyGraph> = {
  "evpn-fabric": () => fabric,
  "ospf-two": () => two,
  "bgp-lan": () => lan,
  "clos-200": clos,
};

export const TOPOLOGY = `# A small EVPN fabric
name: evpn-fabric

topology:
  defaults:
    kind: linux
    image: quay.io/frrouting/frr:10.2.1
  nodes:
    s1: { labels: { role: spine } }
    s2: { labels: { role: spine } }
    l1: { labels: { role: leaf } }
  links:
    - endpoints: ["s1:eth1", "l1:eth1"]   # first uplink
    - endpoints: ["s2:eth1", "l1:eth2"]
`;

function nodeOf(view: LabView, { name, kind }: GraphNode, at: number): LabNode {
  const { state } = view.lab;
  const running = view.lab.nodes_running ?? 0;
  const own: NodeState =
    state === "created" ? "absent" : state === "unknown" ? "unknown" : at < running ? "running" : "stopped";
  return {
    name,
    state: own,
    state_remark: own === "running" ? "Up 2 hours" : null,
    kind,
    image: kind === "linux" ? "ghcr.io/hellt/network-multitool:0.4" : "quay.io/frrouting/frr:10.2.1",
    management_address: own === "running" ? `172.20.20.${at + 2}` : null,
    container: `clab-${view.lab.name}-${name}`,
    console: `node:${view.lab.name}/${name}`,
  };
}

export function detailOfLab(view: LabView): LabDetail {
  const graph = GRAPHS[view.lab.name]?.() ?? null;
  return {
    lab: view.lab,
    nodes: (graph?.nodes ?? []).map((one, at) => nodeOf(view, one, at)),
    graph,
    source: graph ? TOPOLOGY : null,
    as_of: view.stale_since,
  };
}

export const impairments: Impairment[] = [
  {
    node: "l3",
    interface: "eth3",
    delay_ms: 50,
    jitter_ms: null,
    loss_percent: null,
    rate_kbit: null,
    corruption_percent: null,
  },
];

export const rates: InterfaceRate[] = fabric.links.flatMap(({ ends }, at) =>
  ends.map(({ node: name, interface: own }, end) => ({
    node: name,
    interface: own,
    down_bytes: end === 0 ? 42 + at * 100 : 3000 + at * 2000,
    up_bytes: end === 0 ? 3000 + at * 2000 : 42 + at * 100,
  })),
);

const STEPS: Partial<Record<LabVerb, [string, string][]>> = {
  start: [
    ["Sync", "14 files, 3 of them changed"],
    ["Queue", "nothing is before it"],
    ["Run", "containerlab deploy"],
    ["Verify", "7 nodes run"],
  ],
};

export function labPlan(verb: LabVerb, name: string): LabPlan {
  const steps = STEPS[verb] ?? [
    ["Run", `containerlab ${verb}`] as [string, string],
    ["Verify", "asks the server how it is"],
  ];
  return {
    verb,
    steps: steps.map(([title, summary]) => ({ name: title, summary })),
    instance: null,
    path: `/home/alice/labs/${name}`,
    sync: {
      changed: ["topology.yml", "configs/l1.conf", "configs/l2.conf"],
      removed: [],
      unchanged: 11,
      bytes: 4200,
    },
    images: [
      { reference: "quay.io/frrouting/frr:10.2.1", is_present: true, nodes: ["s1", "s2", "l1"] },
      { reference: "ghcr.io/hellt/network-multitool:0.4", is_present: verb !== "start", nodes: ["h1", "h2"] },
    ],
    changes:
      verb === "apply"
        ? {
            added_nodes: ["l4"],
            removed_nodes: [],
            recreated_nodes: ["l2"],
            restarted_nodes: ["s1"],
            started_nodes: [],
            added_links: ["s1:eth4 ↔ l4:eth1"],
            removed_links: [],
            reasons: { l2: "its image changed", s1: "its configuration changed" },
          }
        : null,
    warnings: verb === "redeploy" ? ["bob owns this lab. It is made anew with your name."] : [],
    problems:
      name === "taken"
        ? [
            {
              field: "name",
              message: "clab-a already has a lab taken. taken-2 is free.",
              suggestion: "taken-2",
            },
          ]
        : [],
    cancel_means: "What the server has begun, it may still finish. Moorline looks at the lab afterwards.",
  };
}

export function previewOf(template: string, path: string): TemplatePreview {
  const topology = templates
    .find((one) => one.template.id === template)
    ?.index?.topologies.find((one) => one.path === path);
  const isBroken = topology?.kind === null;
  return {
    topology: topology ?? { path, name: path, kind: "netlab", nodes: 0, links: 0 },
    text: TOPOLOGY,
    graph: isBroken ? { nodes: [], links: [], remarks: [] } : path.startsWith("evpn") ? fabric : two,
    variables: path.startsWith("evpn")
      ? [{ name: "leafs", default: "3", help: "How many leafs there are." }]
      : [],
    files: [
      { path: "topology.yml", bytes: 812 },
      { path: "configs/l1.conf", bytes: 1204 },
      { path: "templates/bgp.j2", bytes: 388 },
    ],
    commit: "4f2a91c07de1",
    problems: isBroken ? ["line 4: “nodes” is missing."] : [],
  };
}

export const collections: Collection[] = [0, 1].map((at) => ({
  run_id: `run-collect-${at}`,
  collected_at: NOW - (at * 26 + 1) * HOUR,
  files: ["s1.conf", "l1.conf", "l2.conf"].map((path, of) => ({
    path: `configs/${path}`,
    bytes: 1200 + of * 80,
    is_changed: at === 1 ? null : of === 1,
  })),
}));

const BEFORE = Array.from({ length: 40 }, (_, at) =>
  at === 12 ? " neighbor 10.0.0.1 remote-as 65000" : at === 30 ? " mtu 1500" : ` line ${at + 1}`,
);

export const collected: CollectedText = {
  text: BEFORE.map((line) => (line.includes("mtu") ? " mtu 9000" : line))
    .toSpliced(13, 0, " neighbor 10.0.0.2 remote-as 65000")
    .join("\n"),
  before: BEFORE.join("\n"),
};
