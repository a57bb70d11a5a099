import { expect, test } from "vitest";
import type { TopologyGraph } from "@/ipc";
import { detailOfLab } from "@/ipc/mock/lab-detail";
import { labsOf } from "@/ipc/mock/labs";
import type { Colours } from "./colours";
import { drawingText } from "./drawing";
import { lineAt } from "./hits";
import { layoutGraph, type Positions } from "./layout";
import { hubsOf, linesOf, spotsOf } from "./lines";
import { nodeTowards } from "./move";

const graphOf = (name: string, scene = "labs"): TopologyGraph => {
  const view = labsOf(scene).find(({ lab }) => lab.name === name);
  const graph = view && detailOfLab(view).graph;
  if (!graph) throw new Error(name);
  return graph;
};

function overlaps(graph: TopologyGraph, places: Positions): string[] {
  const spots = [...spotsOf(graph).values()];
  return spots.flatMap((one, at) =>
    spots.slice(at + 1).flatMap((other) => {
      const [p, q] = [places[one.id], places[other.id]];
      if (!p || !q) return [`${one.id} or ${other.id} has no place`];
      const isApart =
        Math.abs(p.x - q.x) >= (one.width + other.width) / 2 ||
        Math.abs(p.y - q.y) >= (one.height + other.height) / 2;
      return isApart ? [] : [`${one.id} ${other.id}`];
    }),
  );
}

test("spines stand over leafs, leafs over hosts, each in the order of their names", () => {
  const places = layoutGraph(graphOf("evpn-fabric"));
  const [s1, s2, l1, l2, l3, h1] = ["s1", "s2", "l1", "l2", "l3", "h1"].map((name) => places[name]);
  expect(s1?.y).toBe(s2?.y);
  expect(s1?.y).toBeLessThan(l1?.y ?? 0);
  expect(l1?.y).toBeLessThan(h1?.y ?? 0);
  expect(s1?.x).toBeLessThan(s2?.x ?? 0);
  expect(l1?.x).toBeLessThan(l2?.x ?? 0);
  expect(l2?.x).toBeLessThan(l3?.x ?? 0);
});

test("a segment stands between what it joins, and nothing lies over anything else", () => {
  const graph = graphOf("bgp-lan");
  const places = layoutGraph(graph);
  expect(places["hub:lan1"]).toBeDefined();
  expect(overlaps(graph, places)).toEqual([]);
});

test("200 nodes have a place each, in rows that fit a screen", () => {
  const graph = graphOf("clos-200", "labs-big");
  const places = layoutGraph(graph);
  expect(overlaps(graph, places)).toEqual([]);
  const [xs, ys] = [Object.values(places).map(({ x }) => x), Object.values(places).map(({ y }) => y)];
  const shape = (Math.max(...xs) - Math.min(...xs)) / (Math.max(...ys) - Math.min(...ys));
  expect(shape).toBeGreaterThan(0.8);
  expect(shape).toBeLessThan(3);
});

/** The same numbers at every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

test.each(Array.from({ length: 40 }, (_, seed) => seed + 1))("any topology is laid out (%d)", (seed) => {
  const next = numbers(seed);
  const names = Array.from({ length: 1 + Math.floor(next() * 24) }, (_, at) => `n${at}`);
  const some = () => names[Math.floor(next() * names.length)] ?? "n0";
  const kinds = ["point_to_point", "lan", "stub", "outside"] as const;
  const graph: TopologyGraph = {
    nodes: names.map((name) => ({ name, kind: "frr", role: next() < 0.3 ? "spine" : null })),
    links: Array.from({ length: Math.floor(next() * 40) }, (_, id) => {
      const kind = kinds[Math.floor(next() * kinds.length)] ?? "lan";
      const count = kind === "point_to_point" ? 2 : kind === "lan" ? Math.floor(next() * 5) : 1;
      return {
        id: `link${id}`,
        kind,
        ends: Array.from({ length: count }, (_one, at) => ({
          node: some(),
          interface: `eth${at}`,
          address: null,
        })),
        label: null,
      };
    }),
    remarks: [],
  };
  const places = layoutGraph(graph);
  expect(overlaps(graph, places)).toEqual([]);
  for (const { x, y } of Object.values(places)) expect(Number.isFinite(x) && Number.isFinite(y)).toBe(true);
  for (const { a, b } of linesOf(graph, spotsOf(graph), places))
    expect([a.x, a.y, b.x, b.y].every(Number.isFinite)).toBe(true);
});

test("two links between the same nodes run beside each other", () => {
  const end = (node: string, at: string) => ({ node, interface: at, address: null });
  const graph: TopologyGraph = {
    nodes: ["r1", "r2"].map((name) => ({ name, kind: "frr", role: null })),
    links: [
      { id: "a", kind: "point_to_point", ends: [end("r1", "eth1"), end("r2", "eth1")], label: null },
      { id: "b", kind: "point_to_point", ends: [end("r2", "eth2"), end("r1", "eth2")], label: null },
    ],
    remarks: [],
  };
  const [one, other] = linesOf(graph, spotsOf(graph), layoutGraph(graph));
  expect(
    Math.hypot((one?.middle.x ?? 0) - (other?.middle.x ?? 0), (one?.middle.y ?? 0) - (other?.middle.y ?? 0)),
  ).toBeCloseTo(22);
});

test("arrows lead to the nearest node that way, and nowhere where there is none", () => {
  const places = { a: { x: 0, y: 0 }, b: { x: 200, y: 10 }, c: { x: 90, y: 140 } };
  const names = ["a", "b", "c"];
  expect(nodeTowards("ArrowRight", "a", names, places)).toBe("b");
  expect(nodeTowards("ArrowDown", "a", names, places)).toBe("c");
  expect(nodeTowards("ArrowUp", "a", names, places)).toBeNull();
  expect(nodeTowards("Enter", "a", names, places)).toBeNull();
});

test("what lies under the pointer is the nearest line within reach, or a hub", () => {
  const graph = graphOf("bgp-lan");
  const places = layoutGraph(graph);
  const spots = spotsOf(graph);
  const [lines, hubs] = [linesOf(graph, spots, places), hubsOf(graph, spots, places)];
  const line = lines[0];
  if (!line) throw new Error("no line");
  const { x, y } = line.middle;
  expect(lineAt({ x: x + 3, y }, lines, hubs, 7)?.key).toBe(line.key);
  expect(lineAt({ x: x + 4000, y }, lines, hubs, 7)).toBeNull();
  const hub = hubs.find(({ isLan }) => isLan);
  if (!hub) throw new Error("no segment");
  expect(lineAt(hub.at, lines, hubs, 0)?.link).toBe(hub.link);
});

test("a drawing in a file names everything, and nothing that a server says breaks out of its text", () => {
  const graph = graphOf("evpn-fabric");
  const first = graph.nodes[0];
  if (!first) throw new Error("no node");
  const hostile: TopologyGraph = {
    ...graph,
    nodes: [{ ...first, name: '<script a="b">&\u0001' }, ...graph.nodes.slice(1)],
  };
  const colours = new Proxy({} as Colours, { get: () => "rgb(1 2 3)" });
  const text = drawingText(
    {
      label: "Topology",
      graph: hostile,
      places: layoutGraph(hostile),
      toneOf: () => "ok",
      chipOf: () => "delay 50 ms",
    },
    colours,
  );
  const read = new DOMParser().parseFromString(text, "image/svg+xml");
  expect(read.querySelector("script")).toBeNull();
  expect(text).not.toContain("\u0001");
  const said = [...text.matchAll(/<text[^>]*>([^<]*)</g)].map(([, one]) => one);
  for (const { name } of hostile.nodes.slice(1)) expect(said).toContain(name);
  expect(said).toContain("&lt;script a=&quot;b&quot;&gt;&amp;");
  expect(said).toContain("delay 50 ms");
  expect(said).toContain("eth1");
});
