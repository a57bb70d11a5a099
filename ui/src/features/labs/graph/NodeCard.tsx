import { type KeyboardEvent, type MouseEvent, memo, type PointerEvent } from "react";
import type { Status } from "@/app/status";
import { cx, type StatusTone } from "@/components";
import type { GraphNode, Position } from "@/ipc";
import { messages } from "@/messages";
import { type Box, CARD_HEIGHT } from "./layout";

const words = messages.labGraph;

export interface NodeCardProps {
  node: GraphNode;
  box: Box;
  at: Position;
  tone: StatusTone | null;
  word: Status["word"];
  isSelected: boolean;
  isActive: boolean;
  on: NodeHandlers;
}

/** The same functions at every drawing. */
export interface NodeHandlers {
  focus: (name: string) => void;
  open: (name: string) => void;
  menu: (name: string, event: MouseEvent<SVGElement>) => void;
  key: (name: string, event: KeyboardEvent<SVGElement>) => void;
  grab: (name: string, event: PointerEvent<SVGElement>) => void;
}

/** A node: its state, its name, what it is. */
export const NodeCard = memo(function NodeCard(props: NodeCardProps) {
  const { node, box, at, tone, word, isSelected, isActive, on } = props;
  const { name, kind, role } = node;
  const left = -box.width / 2;
  return (
    <g transform={`translate(${at.x} ${at.y})`} className="[&>:not(rect)]:pointer-events-none">
      <rect
        role="button"
        data-node={name}
        aria-label={words.node(name, kind, role, word)}
        aria-pressed={isSelected}
        tabIndex={isActive ? 0 : -1}
        onFocus={() => on.focus(name)}
        onDoubleClick={() => on.open(name)}
        onContextMenu={(event) => on.menu(name, event)}
        onKeyDown={(event) => on.key(name, event)}
        onPointerDown={(event) => on.grab(name, event)}
        x={left}
        y={-CARD_HEIGHT / 2}
        width={box.width}
        height={CARD_HEIGHT}
        rx={8}
        strokeWidth={isSelected ? 2 : 1}
        className={cx(
          "eased cursor-pointer fill-raise outline-none! hover:fill-hover focus-visible:stroke-2 focus-visible:stroke-accent",
          isSelected ? "stroke-accent" : "stroke-line-strong",
        )}
      />
      {tone && <Mark tone={tone} x={left + 15} />}
      <text
        x={left + (tone ? 26 : 12)}
        y={-2}
        className="fill-fg font-semibold text-body in-data-far:[font-feature-settings:normal]"
      >
        {name}
      </text>
      <text x={left + 12} y={15} className="fill-fg-3 text-[11px] in-data-far:hidden">
        {words.kind(kind, role)}
      </text>
    </g>
  );
});

const FILL: Record<StatusTone, string> = {
  ok: "fill-ok",
  busy: "fill-warn",
  warn: "fill-warn",
  err: "fill-err",
  idle: "fill-idle",
  info: "fill-info",
  unknown: "fill-transparent stroke-fg-3 stroke-2",
};

const Mark = ({ tone, x }: { tone: StatusTone; x: number }) => (
  <circle cx={x} cy={-6.5} r={tone === "unknown" ? 3.2 : 4} className={FILL[tone]} />
);
