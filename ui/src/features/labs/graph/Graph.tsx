/* The drawing of a topology: moved, enlarged, walked through by keys. What nodes and links can do comes
   from outside. */
import { type KeyboardEvent, type MouseEvent, useMemo, useRef, useState } from "react";
import type { Status } from "@/app/status";
import { useStable } from "@/components";
import type { TopologyGraph } from "@/ipc";
import { messages } from "@/messages";
import { Chip, Hub, LinkLine } from "./LinkLine";
import type { Positions } from "./layout";
import { type Line, linesOf, spotsOf } from "./lines";
import { nodeTowards } from "./move";
import { NodeCard, type NodeHandlers } from "./NodeCard";
import { hubId, isHub } from "./parts";
import { LinkNote, Toolbar } from "./Toolbar";
import { useDrag } from "./useDrag";
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
  onExport?: (svg: SVGSVGElement) => void;
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

export function Graph(props: GraphProps) {
  const { graph, positions, placed } = props;
  const frame = useRef<SVGSVGElement>(null);
  const content = useRef<SVGGElement>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const [hovered, setHovered] = useState<string | null>(null);
  const spots = useMemo(() => spotsOf(graph), [graph]);
  const atRest = useMemo(() => ({ ...positions, ...placed }), [positions, placed]);
  const bounds = useMemo(() => boundsOf(spots, atRest), [spots, atRest]);
  const view = useViewport(frame, content, bounds);
  const drop = props.onPlace;
  const { dragged, grab } = useDrag(
    view,
    atRest,
    drop ? (name, at) => drop({ ...placed, [name]: at }) : null,
  );
  const places = useMemo(() => ({ ...atRest, ...dragged }), [atRest, dragged]);
  const lines = useMemo(() => linesOf(graph, spots, places), [graph, spots, places]);
  const names = useMemo(() => graph.nodes.map(({ name }) => name), [graph]);
  const active = selected !== null && names.includes(selected) ? selected : names[0];

  const focus = (name: string) => {
    frame.current?.querySelector<SVGElement>(`[data-node="${CSS.escape(name)}"]`)?.focus();
    const at = places[name];
    if (at) view.reveal(at);
  };
  const onFocus = useStable(setSelected);
  const onOpen = useStable((name: string) => props.onOpen?.(name));
  const onGrab = useStable(grab);
  const onMenu = useStable((name: string, event: MouseEvent<SVGElement>) => {
    event.preventDefault();
    event.currentTarget.focus();
    props.onNodeMenu?.(name, pointOf(event));
  });
  const onKey = useStable((name: string, event: KeyboardEvent<SVGElement>) => {
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
  const lineAt = (target: EventTarget) => {
    const key =
      target instanceof Element ? target.closest<SVGGElement>("[data-link]")?.dataset.link : undefined;
    return lines.find((line) => line.key === key);
  };
  const lit = lines.find(({ key }) => key === hovered);
  return (
    <div className="relative flex min-h-0 grow overflow-hidden">
      <p id="graph-how" className="sr-only">
        {words.how}
      </p>
      <svg
        ref={frame}
        role="group"
        aria-label={props.label}
        aria-describedby="graph-how"
        className="dotted size-full touch-none select-none contain-strict"
        onPointerDown={view.onPointerDown}
        onPointerOver={(event) => setHovered(lineAt(event.target)?.key ?? null)}
        onPointerLeave={() => setHovered(null)}
        onContextMenu={(event) => {
          const line = lineAt(event.target);
          if (!line) return;
          event.preventDefault();
          props.onLinkMenu?.(line, { x: event.clientX, y: event.clientY });
        }}
      >
        <g ref={content}>
          {lines.map((line) => (
            <LinkLine
              key={line.key}
              line={line}
              isLit={line.key === hovered}
              chip={props.chipOf?.(line) ?? null}
            />
          ))}
          {graph.links.filter(isHub).map((link) => {
            const [spot, at] = [spots.get(hubId(link)), places[hubId(link)]];
            const line = lines.find((one) => one.link === link);
            if (!spot || !at) return null;
            return <Hub key={link.id} link={link} spot={spot} {...at} lineKey={line?.key} />;
          })}
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
          {lines.map((line) => {
            const chip = props.chipOf?.(line);
            return chip ? <Chip key={line.key} line={line} text={chip} /> : null;
          })}
        </g>
      </svg>
      {lit && <LinkNote line={lit} at={view.toFrame(lit.middle)} rates={props.ratesOf?.(lit) ?? null} />}
      <Toolbar
        view={view}
        onLayOut={props.onLayOut}
        onExport={props.onExport && (() => frame.current && props.onExport?.(frame.current))}
      />
    </div>
  );
}

/** Where a menu opens: at the pointer, or below what the key was pressed on. */
function pointOf(event: MouseEvent<SVGElement> | KeyboardEvent<SVGElement>): Point {
  const { left, bottom } = event.currentTarget.getBoundingClientRect();
  const isPointer = "clientX" in event && event.button === 2;
  return isPointer ? { x: event.clientX, y: event.clientY } : { x: left + 12, y: bottom + 2 };
}
