/* Where nodes stand: levels from what nodes are for, the order within a level from the layout library.
   Pure, so that a worker and a test can both run it. */
import { layout as dagre, graphlib } from "@dagrejs/dagre";
import type { GraphNode, Position, TopologyGraph } from "@/ipc";
import { levelsOf } from "./levels";
import { hubId, isHub, pairsOf } from "./parts";

export const CARD_HEIGHT = 48;
const CARD_LEAST = 104;
/** A segment, a stub, the outside: a small thing with a label. */
export const HUB_HEIGHT = 22;
const LETTER = 7.4;
const ROW_GAP = 140;
/** Rows of one level that is too wide for one. */
const FOLD_GAP = 78;
const COLUMN_GAP = 56;
/** Between few nodes, where there is room for the names of their interfaces. */
const WIDE_GAP = 116;
const FEW = 16;

export interface Box {
  width: number;
  height: number;
}

export type Positions = Record<string, Position>;

export const cardBox = ({ name, kind, role }: GraphNode): Box => ({
  width: Math.max(
    CARD_LEAST,
    Math.ceil(Math.max(name.length + 4, (kind.length + (role?.length ?? -3) + 3) * 0.86) * LETTER) + 16,
  ),
  height: CARD_HEIGHT,
});

export const hubBox = (label: string): Box => ({
  width: Math.ceil(label.length * 6.8) + 20,
  height: HUB_HEIGHT,
});

/** The centre of every node and hub. */
export function layoutGraph(graph: TopologyGraph): Positions {
  const levels = levelsOf(graph);
  const boxes = boxesOf(graph);
  const most = Math.max(9, Math.ceil(Math.sqrt(boxes.size * 1.1)));
  const counts = new Map<number, number>();
  for (const id of boxes.keys()) counts.set(levels.get(id) ?? 0, (counts.get(levels.get(id) ?? 0) ?? 0) + 1);
  const isFolded = [...counts.values()].some((count) => count > most);
  // The library's order would be thrown away.
  const atX = isFolded ? () => 0 : ordered(graph, levels, boxes);
  const rows = new Map<number, Placed[]>();
  for (const [id, { width }] of boxes) {
    const level = levels.get(id) ?? 0;
    const row = rows.get(level) ?? [];
    row.push({ id, x: atX(id), width });
    rows.set(level, row);
  }
  const sorted = [...rows.keys()].sort((a, b) => a - b).map((level) => rows.get(level) ?? []);
  return isFolded ? foldedRows(sorted, most) : plainRows(sorted, pairsOf(graph));
}

function boxesOf(graph: TopologyGraph): Map<string, Box> {
  const boxes = new Map(graph.nodes.map((node) => [node.name, cardBox(node)]));
  for (const link of graph.links.filter(isHub)) boxes.set(hubId(link), hubBox(link.label ?? link.kind));
  return boxes;
}

/** From left to right with few crossings, as the library finds it. */
function ordered(
  graph: TopologyGraph,
  levels: ReadonlyMap<string, number>,
  boxes: ReadonlyMap<string, Box>,
): (id: string) => number {
  const drawing = new graphlib.Graph({ multigraph: false });
  drawing.setGraph({
    nodesep: graph.nodes.length > FEW ? COLUMN_GAP : WIDE_GAP,
    ranksep: 60,
    ranker: "longest-path",
  });
  drawing.setDefaultEdgeLabel(() => ({}));
  for (const [id, box] of boxes) drawing.setNode(id, { ...box });
  for (const [a, b] of pairsOf(graph)) {
    const [from, to] = [levels.get(a) ?? 0, levels.get(b) ?? 0];
    if (from === to || !boxes.has(a) || !boxes.has(b)) continue;
    const [upper, lower] = from < to ? [a, b] : [b, a];
    drawing.setEdge(upper, lower, { minlen: Math.abs(to - from) });
  }
  dagre(drawing);
  return (id) => (drawing.node(id) as { x: number }).x;
}

interface Placed {
  id: string;
  x: number;
  width: number;
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** Levels as rows, from the top; where one is far too wide, all become rows of equal steps. */
function plainRows(rows: readonly Placed[][], edges: readonly Edge[]): Positions {
  const places = new Map(rows.flatMap((row, y) => apart(row).map(([id, x]) => [id, { x, y }] as const)));
  for (const row of rows) inNameOrder(row, places, edges);
  return Object.fromEntries([...places].map(([id, { x, y }]) => [id, { x, y: y * ROW_GAP }]));
}

/** The library may have put nodes of one level on two: here they must not lie over each other. */
function apart(row: readonly Placed[]): [string, number][] {
  const sorted = [...row].sort((a, b) => a.x - b.x);
  let least = Number.NEGATIVE_INFINITY;
  const moved = sorted.map(({ id, x, width }): [string, number] => {
    const at = Math.max(x, least + width / 2);
    least = at + width / 2 + COLUMN_GAP / 2;
    return [id, at];
  });
  const shift = sorted.reduce((sum, { x }, at) => sum + x - (moved[at]?.[1] ?? x), 0) / sorted.length;
  return moved.map(([id, x]) => [id, x + shift]);
}

type Edge = readonly [string, string];

/** Left and right are mostly all the same to the library, but not to a reader: s1 stands before s2 wherever
    no more lines cross than otherwise. */
function inNameOrder(row: readonly Placed[], places: Map<string, Position>, edges: readonly Edge[]): void {
  const near = edges.filter(([a, b]) => row.some(({ id }) => id === a || id === b));
  const isEven = new Set(row.map(({ width }) => width)).size === 1;
  if (!isEven || near.length > MOST_COMPARED) return;
  const slots = row.map(({ id }) => places.get(id) ?? { x: 0, y: 0 }).sort((a, b) => a.x - b.x);
  const named = row.map(({ id }) => id).sort(compare);
  const before = new Map(row.map(({ id }) => [id, places.get(id) ?? { x: 0, y: 0 }]));
  const crossed = crossings(near, places);
  for (const [at, id] of named.entries()) places.set(id, slots[at] ?? { x: 0, y: 0 });
  if (crossings(near, places) > crossed) for (const [id, at] of before) places.set(id, at);
}

/** More lines than this are not compared with each other. */
const MOST_COMPARED = 150;

function crossings(edges: readonly Edge[], places: ReadonlyMap<string, Position>): number {
  const lines = edges.flatMap(([a, b]) => {
    const [p, q] = [places.get(a), places.get(b)];
    if (!p || !q || p.y === q.y) return [];
    return [p.y < q.y ? { top: p, bottom: q } : { top: q, bottom: p }];
  });
  let count = 0;
  lines.forEach((one, at) => {
    for (const other of lines.slice(at + 1)) {
      const isSameBand = one.top.y === other.top.y && one.bottom.y === other.bottom.y;
      if (isSameBand && (one.top.x - other.top.x) * (one.bottom.x - other.bottom.x) < 0) count += 1;
    }
  });
  return count;
}

/** Too many for lines to be followed anyway: in the order of their names, so that each is found. */
function foldedRows(rows: readonly Placed[][], most: number): Positions {
  const step = Math.max(...rows.flat().map(({ width }) => width)) + COLUMN_GAP / 2;
  const positions: Positions = {};
  let y = 0;
  for (const row of rows) {
    const sorted = [...row].sort((a, b) => compare(a.id, b.id));
    const lines = Math.ceil(sorted.length / most);
    const each = Math.ceil(sorted.length / lines);
    for (let line = 0; line < lines; line += 1) {
      const part = sorted.slice(line * each, (line + 1) * each);
      const gap = Math.max(step, (step * (most - 1)) / Math.max(each, 2));
      part.forEach(({ id }, at) => {
        positions[id] = { x: (at - (part.length - 1) / 2) * gap, y };
      });
      y += line < lines - 1 ? FOLD_GAP : ROW_GAP;
    }
  }
  return positions;
}
