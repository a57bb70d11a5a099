/* Where lines run: from card to card, beside each other where two nodes have several links. */
import type { GraphLink, LinkEnd, Position, TopologyGraph } from "@/ipc";
import { messages } from "@/messages";
import { type Box, cardBox, hubBox, type Positions } from "./layout";
import { hubId, isHub } from "./parts";

const words = messages.labGraph;
/** Of the names of interfaces and of hubs, in pixels of the drawing. */
export const END_SIZE = 10;
export const HUB_SIZE = 10.5;
const END_LETTER = 6.1;
/** From the card's edge to the middle of the interface's name. */
const LABEL_AT = 15;
const SIDE_BY_SIDE = 22;

/** What is drawn: a card, or the hub of a link. */
export interface Spot extends Box {
  id: string;
}

export interface LineEnd {
  end: LinkEnd;
  /** Where its name stands. */
  at: Position;
}

export interface Line {
  key: string;
  link: GraphLink;
  from: string;
  to: string;
  a: Position;
  b: Position;
  middle: Position;
  ends: readonly LineEnd[];
}

/** What stands for a link that is no line. */
export interface Hub {
  link: GraphLink;
  label: string;
  at: Position;
  box: Box;
  isLan: boolean;
}

/** How wide the ground below the name of an interface is. */
export const endWidth = (text: string): number => text.length * END_LETTER + 6;

export function hubsOf(graph: TopologyGraph, spots: ReadonlyMap<string, Spot>, positions: Positions): Hub[] {
  return graph.links.filter(isHub).flatMap((link) => {
    const [box, at] = [spots.get(hubId(link)), positions[hubId(link)]];
    return box && at ? [{ link, label: hubLabel(link), at, box, isLan: link.kind === "lan" }] : [];
  });
}

export const hubLabel = ({ kind, label }: GraphLink): string =>
  label ?? { lan: words.lan, stub: words.stub, outside: words.outside, point_to_point: words.lan }[kind];

export function spotsOf(graph: TopologyGraph): Map<string, Spot> {
  const spots = new Map<string, Spot>();
  for (const node of graph.nodes) spots.set(node.name, { id: node.name, ...cardBox(node) });
  for (const link of graph.links.filter(isHub))
    spots.set(hubId(link), { id: hubId(link), ...hubBox(hubLabel(link)) });
  return spots;
}

/** The line of every pair of ends. */
export function linesOf(
  graph: TopologyGraph,
  spots: ReadonlyMap<string, Spot>,
  positions: Positions,
): Line[] {
  const wanted: Wanted[] = graph.links.flatMap((link) =>
    isHub(link)
      ? link.ends.map((end, at) => ({
          key: `${link.id}#${at}`,
          link,
          from: end.node,
          to: hubId(link),
          ends: [end],
        }))
      : [
          {
            key: link.id,
            link,
            from: link.ends[0]?.node ?? "",
            to: link.ends[1]?.node ?? "",
            ends: link.ends,
          },
        ],
  );
  const peers = new Map<string, Wanted[]>();
  for (const line of wanted) {
    const pair = [line.from, line.to].sort().join("\n");
    peers.set(pair, [...(peers.get(pair) ?? []), line]);
  }
  return [...peers.values()].flatMap((lines) =>
    lines.flatMap((line, at) => {
      const [from, to] = [spots.get(line.from), spots.get(line.to)];
      const [p, q] = [positions[line.from], positions[line.to]];
      if (!from || !to || !p || !q || line.from === line.to) return [];
      // Seen from the same side for both directions, so that lines do not cross.
      const sign = line.from < line.to ? 1 : -1;
      return [run(line, from, to, p, q, sign * (at - (lines.length - 1) / 2) * SIDE_BY_SIDE)];
    }),
  );
}

type Wanted = Pick<Line, "key" | "link" | "from" | "to"> & { ends: readonly LinkEnd[] };

function run(line: Wanted, from: Box, to: Box, p: Position, q: Position, aside: number): Line {
  const length = Math.hypot(q.x - p.x, q.y - p.y) || 1;
  const along = { x: (q.x - p.x) / length, y: (q.y - p.y) / length };
  const shift = { x: -along.y * aside, y: along.x * aside };
  const [p1, q1] = [moved(p, shift), moved(q, shift)];
  const a = edge(p1, p, from, along);
  const b = edge(q1, q, to, { x: -along.x, y: -along.y });
  const near = Math.min(LABEL_AT, Math.hypot(b.x - a.x, b.y - a.y) / 3);
  const places = [moved(a, scaled(along, near)), moved(b, scaled(along, -near))];
  return {
    ...line,
    a,
    b,
    middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 },
    ends: line.ends.map((end, at) => ({ end, at: places[at] ?? a })),
  };
}

const moved = (p: Position, by: Position): Position => ({ x: p.x + by.x, y: p.y + by.y });
const scaled = (p: Position, by: number): Position => ({ x: p.x * by, y: p.y * by });

/** Where a ray from inside a box leaves it. */
function edge(start: Position, centre: Position, box: Box, along: Position): Position {
  const reach = (at: number, middle: number, half: number, step: number) =>
    step === 0 ? Number.POSITIVE_INFINITY : (middle + Math.sign(step) * half - at) / step;
  const t = Math.min(
    reach(start.x, centre.x, box.width / 2, along.x),
    reach(start.y, centre.y, box.height / 2, along.y),
  );
  return moved(start, scaled(along, Math.max(0, t)));
}

export const endText = ({ node, interface: at }: LinkEnd): string => words.end(node, at);

/** A link by its ends, for titles. */
export const linkText = (link: GraphLink): string => {
  const [a, b] = link.ends;
  if (isHub(link) || !a || !b) return [hubLabel(link), ...link.ends.map(endText)].join(" ");
  return words.ends(endText(a), endText(b));
};
