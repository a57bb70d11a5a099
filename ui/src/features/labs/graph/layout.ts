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
  const drawing = new graphlib.Graph({ multigraph: false });
  drawing.setGraph({ nodesep: COLUMN_GAP, ranksep: 60, ranker: "longest-path" });
  drawing.setDefaultEdgeLabel(() => ({}));
  const levels = levelsOf(graph);
  for (const node of graph.nodes) drawing.setNode(node.name, { ...cardBox(node) });
  for (const link of graph.links.filter(isHub))
    drawing.setNode(hubId(link), { ...hubBox(link.label ?? link.kind) });
  for (const [a, b] of pairsOf(graph)) {
    const [from, to] = [levels.get(a) ?? 0, levels.get(b) ?? 0];
    if (from === to || !drawing.hasNode(a) || !drawing.hasNode(b)) continue;
    const [upper, lower] = from < to ? [a, b] : [b, a];
    drawing.setEdge(upper, lower, { minlen: Math.abs(to - from) });
  }
  dagre(drawing);
  return placed(drawing, levels);
}

interface Placed {
  id: string;
  x: number;
  width: number;
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** Levels as rows, from the top; where one is far too wide, all become rows of equal steps. */
function placed(drawing: graphlib.Graph, levels: ReadonlyMap<string, number>): Positions {
  const rows = new Map<number, Placed[]>();
  for (const id of drawing.nodes()) {
    const { x, width } = drawing.node(id) as { x: number; width: number };
    const level = levels.get(id) ?? 0;
    rows.set(level, [...(rows.get(level) ?? []), { id, x, width }]);
  }
  const sorted = [...rows.keys()].sort((a, b) => a - b).map((level) => rows.get(level) ?? []);
  const most = Math.max(9, Math.ceil(Math.sqrt(drawing.nodeCount() * 1.1)));
  return sorted.some((row) => row.length > most) ? foldedRows(sorted, most) : plainRows(sorted);
}

function plainRows(rows: readonly Placed[][]): Positions {
  // Left and right are all the same to the library, but not to a reader: s1 stands before s2.
  const flip = rows.reduce((sum, row) => sum + descents(row), 0) > 0 ? -1 : 1;
  return Object.fromEntries(
    rows.flatMap((row, at) => row.map(({ id, x }) => [id, { x: flip * x, y: at * ROW_GAP }])),
  );
}

/** How many more neighbours stand in the wrong order than in the right one. */
function descents(row: readonly Placed[]): number {
  const names = [...row].sort((a, b) => a.x - b.x).map(({ id }) => id);
  return names.slice(1).reduce((sum, name, at) => sum + Math.sign(compare(names[at] ?? "", name)), 0);
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
      const gap = Math.max(step, (step * (most - 1)) / Math.max(part.length, 2));
      part.forEach(({ id }, at) => {
        positions[id] = { x: (at - (part.length - 1) / 2) * gap, y };
      });
      y += line < lines - 1 ? FOLD_GAP : ROW_GAP;
    }
  }
  return positions;
}
