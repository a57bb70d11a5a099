/* The drawing of a topology: moved, enlarged, walked through by keys. What nodes and links can do comes
   from outside. */
import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { Status } from "@/app/status";
import { useStable } from "@/components";
import type { TopologyGraph } from "@/ipc";
import { messages } from "@/messages";
import { Chip } from "./Chip";
import { plainColours } from "./colours";
import { drawingText } from "./drawing";
import { lineAt } from "./hits";
import type { Positions } from "./layout";
import { hubsOf, type Line, linesOf, spotsOf } from "./lines";
import { nodeTowards } from "./move";
import { NodeCard, type NodeHandlers } from "./NodeCard";
import { LinkNote, Toolbar } from "./Toolbar";
import { useDrag } from "./useDrag";
import { usePainted } from "./usePainted";
import { boundsOf, useViewport } from "./viewport";

const words = messages.labGraph;

export interface Point {
  x: number;
  y: number;
}

export interface GraphProps {
  label: string;
  graph: TopologyGraph;
  /** Where the layout puts everything. */
  positions: Positions;
  /** Where a person put nodes; those go before. */
  placed: Positions;
  onPlace?: (placed: Positions) => void;
  onLayOut?: (() => void) | undefined;
  onExport?: (svg: string) => void;
  statusOf?: (name: string) => Status | null;
  /** What is made worse on a line. */
  chipOf?: (line: Line) => string | null;
  /** What goes through a line, behind its ends. */
  ratesOf?: (line: Line) => string | null;
  onOpen?: (node: string) => void;
  onLogs?: (node: string) => void;
  onNodeMenu?: (node: string, at: Point) => void;
  onLinkMenu?: (line: Line, at: Point) => void;
}

/** How near to a line the pointer is on it, in pixels of the screen. */
const REACH = 7;

export function Graph(props: GraphProps) {
  const { graph, positions, placed, chipOf } = props;
  const frame = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const [hovered, setHovered] = useState<string | null>(null);
  const spots = useMemo(() => spotsOf(graph), [graph]);
  const atRest = useMemo(() => ({ ...positions, ...placed }), [positions, placed]);
  const bounds = useMemo(() => boundsOf(spots, atRest), [spots, atRest]);
  const view = useViewport(frame, content, bounds, (selected && atRest[selected]) || null);
  const drop = props.onPlace;
  const { dragged, grab } = useDrag(
    view,
    atRest,
    drop ? (name, at) => drop({ ...placed, [name]: at }) : null,
  );
  const places = useMemo(() => ({ ...atRest, ...dragged }), [atRest, dragged]);
  const lines = useMemo(() => linesOf(graph, spots, places), [graph, spots, places]);
  const hubs = useMemo(() => hubsOf(graph, spots, places), [graph, spots, places]);
  const names = useMemo(() => graph.nodes.map(({ name }) => name), [graph]);
  const active = selected !== null && names.includes(selected) ? selected : names[0];
  const lit = lines.find(({ key }) => key === hovered) ?? null;
  const chips = lines.flatMap((line) => {
    const text = chipOf?.(line);
    return text ? [{ line, text }] : [];
  });
  const worse = chips.map(({ line }) => line.key).join("\n");
  const picture = useMemo(() => {
    const keys = new Set(worse.split("\n"));
    return { lines, hubs, lit, isWorse: ({ key }: Line) => keys.has(key) };
  }, [lines, hubs, lit, worse]);
  usePainted(canvas, view, picture);
  // What the pointer is on moves away below it.
  const { onMove } = view;
  useEffect(() => onMove(() => setHovered(null)), [onMove]);

  const focus = (name: string) => {
    frame.current
      ?.querySelector<HTMLElement>(`[data-node="${CSS.escape(name)}"]`)
      ?.focus({ preventScroll: true });
    const at = places[name];
    if (at) view.reveal(at);
  };
  const onFocus = useStable(setSelected);
  const onOpen = useStable((name: string) => props.onOpen?.(name));
  const onGrab = useStable(grab);
  const onMenu = useStable((name: string, event: MouseEvent<HTMLElement>) => {
    event.preventDefault();
    event.stopPropagation();
    event.currentTarget.focus({ preventScroll: true });
    props.onNodeMenu?.(name, pointOf(event));
  });
  const onKey = useStable((name: string, event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = nodeTowards(event.key, name, names, places);
    if (next !== null) focus(next);
    else if (event.key === "Enter") props.onOpen?.(name);
    else if (event.key.toLowerCase() === "l") props.onLogs?.(name);
    else if (event.key === " ") props.onNodeMenu?.(name, pointOf(event));
    else if (event.key === "+" || event.key === "=") view.zoom(1.25);
    else if (event.key === "-") view.zoom(0.8);
    else if (event.key === "0") view.fit();
    else if (!event.key.startsWith("Arrow")) return;
    event.preventDefault();
  });
  const on: NodeHandlers = useMemo(
    () => ({ focus: onFocus, open: onOpen, menu: onMenu, key: onKey, grab: onGrab }),
    [onFocus, onOpen, onMenu, onKey, onGrab],
  );
  /** Null on a card, which lies over the lines. */
  const lineUnder = (event: MouseEvent<HTMLElement>) => {
    if (event.target instanceof Element && event.target.closest("[data-node]")) return null;
    return lineAt(view.toDrawing(event), lines, hubs, REACH / Math.min(1, view.current().k));
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (event.buttons === 0) setHovered(lineUnder(event)?.key ?? null);
  };
  const onContextMenu = (event: MouseEvent<HTMLElement>) => {
    const line = lineUnder(event);
    if (!line) return;
    event.preventDefault();
    props.onLinkMenu?.(line, { x: event.clientX, y: event.clientY });
  };
  const onExport = () => {
    const drawing = {
      label: props.label,
      graph,
      places,
      toneOf: (name: string) => props.statusOf?.(name)?.tone ?? null,
      chipOf: (line: Line) => chipOf?.(line) ?? null,
    };
    props.onExport?.(drawingText(drawing, plainColours()));
  };
  return (
    <div className="relative flex min-h-0 grow overflow-hidden">
      <p id="graph-how" className="sr-only">
        {words.how}
      </p>
      <div
        ref={frame}
        role="group"
        aria-label={props.label}
        aria-describedby="graph-how"
        className="dotted relative size-full bg-bg touch-none select-none overflow-clip contain-strict"
        onPointerDown={view.onPointerDown}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setHovered(null)}
        onContextMenu={onContextMenu}
      >
        <canvas ref={canvas} aria-hidden className="pointer-events-none absolute inset-0 size-full" />
        <div ref={content} className="absolute top-0 left-0 size-0 origin-top-left">
          {graph.nodes.map((node) => {
            const [box, at] = [spots.get(node.name), places[node.name]];
            const status = props.statusOf?.(node.name) ?? null;
            return (
              box &&
              at && (
                <NodeCard
                  key={node.name}
                  {...{ node, box, at, on }}
                  tone={status?.tone ?? null}
                  word={status?.word ?? ""}
                  isSelected={node.name === selected}
                  isActive={node.name === active}
                />
              )
            );
          })}
          {chips.map(({ line, text }) => (
            <Chip key={line.key} line={line} text={text} />
          ))}
        </div>
      </div>
      {lit && <LinkNote line={lit} at={view.toFrame(lit.middle)} rates={props.ratesOf?.(lit) ?? null} />}
      <Toolbar view={view} onLayOut={props.onLayOut} onExport={props.onExport && onExport} />
    </div>
  );
}

/** Where a menu opens: at the pointer, or below what the key was pressed on. */
function pointOf(event: MouseEvent<HTMLElement> | KeyboardEvent<HTMLElement>): Point {
  const { left, bottom } = event.currentTarget.getBoundingClientRect();
  const isPointer = "clientX" in event && event.button === 2;
  return isPointer ? { x: event.clientX, y: event.clientY } : { x: left + 12, y: bottom + 2 };
}
