/* A drawing as a file of its own, whole, whatever part of it is in view: nothing in it needs the page. */

import type { StatusTone } from "@/components";
import type { Position, TopologyGraph } from "@/ipc";
import { messages } from "@/messages";
import { isUpright } from "./Chip";
import type { Colours } from "./colours";
import type { Positions } from "./layout";
import { END_SIZE, endWidth, HUB_SIZE, hubsOf, type Line, linesOf, type Spot, spotsOf } from "./lines";
import { boundsOf } from "./viewport";

const words = messages.labGraph;
const PADDING = 24;
const SANS = "Inter Variable, Inter, sans-serif";
const MONO = "JetBrains Mono Variable, JetBrains Mono, monospace";

export interface Drawing {
  label: string;
  graph: TopologyGraph;
  places: Positions;
  toneOf: (node: string) => StatusTone | null;
  chipOf: (line: Line) => string | null;
}

/** The SVG text of a drawing. */
export function drawingText(drawing: Drawing, colours: Colours): string {
  const { graph, places } = drawing;
  const spots = spotsOf(graph);
  const bounds = boundsOf(spots, places);
  if (!bounds) return "";
  const [x, y] = [Math.floor(bounds.left) - PADDING, Math.floor(bounds.top) - PADDING];
  const [width, height] = [Math.ceil(bounds.right) + PADDING - x, Math.ceil(bounds.bottom) + PADDING - y];
  const lines = linesOf(graph, spots, places);
  const parts = [
    tag("rect", { x, y, width, height, fill: colours.bg }),
    ...lines.flatMap((line) => lineParts(line, drawing.chipOf(line) !== null, colours)),
    ...hubsOf(graph, spots, places).flatMap(({ label, at, box, isLan }) => [
      rect(at, box, {
        rx: isLan ? 4 : 11,
        fill: colours.panel,
        stroke: colours.line,
        ...(isLan ? {} : DASHED),
      }),
      text({ x: at.x, y: at.y + 4 }, label, {
        ...CENTRED,
        "font-family": MONO,
        "font-size": HUB_SIZE,
        fill: colours.fg2,
      }),
    ]),
    ...graph.nodes.flatMap(({ name, kind, role }) => {
      const [spot, at] = [spots.get(name), places[name]];
      if (!spot || !at) return [];
      return card(spot, at, drawing.toneOf(name), words.kind(kind, role), colours);
    }),
    ...lines.flatMap((line) => chipParts(line, drawing.chipOf(line), colours)),
  ];
  const frame = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `${x} ${y} ${width} ${height}`,
    width,
    height,
  };
  return tag("svg", { ...frame, role: "img", "aria-label": drawing.label }, parts.join("\n"));
}

function card(spot: Spot, at: Position, tone: StatusTone | null, kind: string, colours: Colours): string[] {
  const left = at.x - spot.width / 2;
  return [
    rect(at, spot, { rx: 8, fill: colours.raise, stroke: colours.line }),
    ...(tone ? [tag("circle", { cx: left + 16, cy: at.y - 8, r: 4, ...mark(tone, colours) })] : []),
    text({ x: left + (tone ? 26 : 12), y: at.y - 3.5 }, spot.id, {
      "font-family": SANS,
      "font-size": 13,
      "font-weight": 600,
      fill: colours.fg,
    }),
    text({ x: left + 12, y: at.y + 14 }, kind, { "font-family": SANS, "font-size": 11, fill: colours.fg3 }),
  ];
}

function mark(tone: StatusTone, colours: Colours): Attributes {
  if (tone === "unknown") return { fill: "none", stroke: colours.fg3, "stroke-width": 2 };
  return { fill: tone === "busy" ? colours.warn : colours[tone] };
}

function lineParts({ a, b, ends }: Line, isWorse: boolean, colours: Colours): string[] {
  const colour = isWorse ? colours.warn : colours.line;
  const line = { x1: a.x, y1: a.y, x2: b.x, y2: b.y, stroke: colour, "stroke-width": isWorse ? 2 : 1.25 };
  return [
    tag("line", line),
    ...ends.flatMap(({ end, at }) => {
      if (!end.interface) return [];
      const name = { ...CENTRED, "font-family": MONO, "font-size": END_SIZE, fill: colours.fg3 };
      return [
        rect(at, { width: endWidth(end.interface), height: 14 }, { fill: colours.bg }),
        text({ x: at.x, y: at.y + 3.5 }, end.interface, name),
      ];
    }),
  ];
}

function chipParts(line: Line, chip: string | null, colours: Colours): string[] {
  if (!chip) return [];
  const width = chip.length * 6.2 + 22;
  const { x, y } = line.middle;
  const at = isUpright(line) ? { x: x + width / 2 + 12, y } : { x, y: y - 18 };
  return [
    rect(at, { width, height: 20 }, { rx: 10, fill: colours.warnSoft }),
    text({ x: at.x, y: at.y + 4 }, chip, {
      ...CENTRED,
      "font-family": SANS,
      "font-size": 11,
      fill: colours.warn,
    }),
  ];
}

type Attributes = Record<string, string | number>;

const CENTRED = { "text-anchor": "middle" };
const DASHED = { "stroke-dasharray": "3 3" };

const rect = (at: Position, { width, height }: { width: number; height: number }, more: Attributes) =>
  tag("rect", { x: at.x - width / 2, y: at.y - height / 2, width, height, ...more });

const text = (at: Position, content: string, more: Attributes) =>
  tag("text", { ...at, ...more }, escaped(content));

function tag(name: string, attributes: Attributes, content = ""): string {
  const written = Object.entries(attributes).map(
    ([key, value]) =>
      ` ${key}="${typeof value === "number" ? Math.round(value * 100) / 100 : escaped(value)}"`,
  );
  return `<${name}${written.join("")}>${content}</${name}>`;
}

const NAMED: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Names come from servers; what XML cannot hold at all is left out. */
const escaped = (value: string): string =>
  value
    .replace(/[&<>"]/g, (letter) => NAMED[letter] ?? "")
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "");
