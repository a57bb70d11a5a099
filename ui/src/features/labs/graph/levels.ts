/* On which level a node belongs: by its role where roles are known, else by its distance from the middle. */
import type { GraphNode, TopologyGraph } from "@/ipc";
import { hubId, isHub, pairsOf } from "./parts";

/** Roles from top to bottom, as people name them. */
const ORDER: readonly RegExp[] = [
  /^(internet|outside|isp|wan)$/,
  /^(super-?spine|ss)$/,
  /^(core|rr|route-?reflector|p)$/,
  /^(spine|sp|s|agg|aggregation|distribution|dist|pe)$/,
  /^(border|bl|dci)$/,
  /^(leaf|lf|l|tor|access|ce)$/,
  /^(switch|sw|bridge)$/,
  /^(host|h|client|server|srv|pc|vm|linux)$/,
];

const rankOf = (word: string): number | null => {
  const at = ORDER.findIndex((names) => names.test(word));
  return at < 0 ? null : at;
};

/** Names such as "spine1" and "l2" say what a node is for; single letters only where several do so. */
const stemOf = (name: string): string => name.toLowerCase().replace(/[-_.]?\d+[a-z]?$/, "");

function ownRank(node: GraphNode): number | null {
  return (
    (node.role ? rankOf(node.role.toLowerCase()) : null) ??
    rankOf(stemOf(node.name)) ??
    (node.kind === "linux" ? rankOf("linux") : null)
  );
}

/** The level of every node and hub; 0 is the top, and none is left out in between. */
export function levelsOf(graph: TopologyGraph): Map<string, number> {
  const neighbours = neighboursOf(graph);
  const ranks = new Map<string, number>();
  for (const node of graph.nodes) {
    const rank = ownRank(node);
    if (rank !== null) ranks.set(node.name, rank * 2);
  }
  const isTiered = new Set(ranks.values()).size > 1 && ranks.size * 2 >= graph.nodes.length;
  const levels = isTiered ? ranks : new Map<string, number>();
  if (!isTiered) walk(roots(graph, neighbours), levels, neighbours);
  // What has no role stands below the first neighbour that has one.
  for (const { name } of graph.nodes) {
    if (levels.has(name)) continue;
    const near = [...(neighbours.get(name) ?? [])].flatMap((one) => levels.get(one) ?? []);
    levels.set(name, near.length > 0 ? Math.min(...near) + 1 : 0);
  }
  for (const link of graph.links.filter(isHub)) {
    const ends = link.ends.flatMap(({ node }) => levels.get(node) ?? []);
    if (ends.length > 0) levels.set(hubId(link), hubLevel(ends));
  }
  return packed(levels);
}

/** Between two levels where its ends stand on several, else below them. */
function hubLevel(ends: readonly number[]): number {
  const [top, bottom] = [Math.min(...ends), Math.max(...ends)];
  return top === bottom ? top + 1 : (top + bottom) / 2;
}

function neighboursOf(graph: TopologyGraph): Map<string, Set<string>> {
  const neighbours = new Map<string, Set<string>>();
  const add = (a: string, b: string) => neighbours.set(a, (neighbours.get(a) ?? new Set()).add(b));
  for (const [a, b] of pairsOf(graph)) {
    add(a, b);
    add(b, a);
  }
  return neighbours;
}

/** Of every part that hangs together, the node with the most links. */
function roots(graph: TopologyGraph, neighbours: ReadonlyMap<string, Set<string>>): string[] {
  const degree = (name: string) => neighbours.get(name)?.size ?? 0;
  return [...graph.nodes].sort((a, b) => degree(b.name) - degree(a.name)).map(({ name }) => name);
}

function walk(
  from: readonly string[],
  levels: Map<string, number>,
  neighbours: ReadonlyMap<string, Set<string>>,
): void {
  for (const root of from) {
    if (levels.has(root)) continue;
    levels.set(root, 0);
    const queue = [root];
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      for (const next of neighbours.get(name) ?? []) {
        if (levels.has(next)) continue;
        levels.set(next, (levels.get(name) ?? 0) + 1);
        queue.push(next);
      }
    }
  }
}

function packed(levels: ReadonlyMap<string, number>): Map<string, number> {
  const used = [...new Set(levels.values())].sort((a, b) => a - b);
  return new Map([...levels].map(([id, level]) => [id, used.indexOf(level)]));
}
