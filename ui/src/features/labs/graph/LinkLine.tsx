import { memo } from "react";
import { cx } from "@/components";
import type { GraphLink } from "@/ipc";
import type { Line, Spot } from "./lines";
import { hubLabel } from "./lines";

export interface LinkLineProps {
  line: Line;
  isLit: boolean;
  /** Something is made worse on it. */
  chip: string | null;
}

/** A line with the names of its interfaces near its ends. */
export const LinkLine = memo(
  function LinkLine({ line, isLit, chip }: LinkLineProps) {
    const { a, b } = line;
    const ends = { x1: a.x, y1: a.y, x2: b.x, y2: b.y };
    return (
      <g data-link={line.key}>
        <line {...ends} strokeWidth={14} className="stroke-transparent" />
        <line
          {...ends}
          strokeWidth={isLit || chip ? 2 : 1.25}
          className={cx("eased", isLit ? "stroke-accent" : chip ? "stroke-warn" : "stroke-line-strong")}
        />
        {line.ends.map(
          ({ end, at }) =>
            end.interface && <EndName key={`${end.node}:${end.interface}`} {...at} text={end.interface} />,
        )}
      </g>
    );
  },
  (before, after) =>
    before.isLit === after.isLit &&
    before.chip === after.chip &&
    before.line.link === after.line.link &&
    isSamePlace(before.line, after.line),
);

const isSamePlace = (p: Line, q: Line): boolean =>
  p.a.x === q.a.x && p.a.y === q.a.y && p.b.x === q.b.x && p.b.y === q.b.y;

const LETTER = 6.1;

function EndName({ x, y, text }: { x: number; y: number; text: string }) {
  const width = text.length * LETTER + 6;
  return (
    <g className="in-data-far:hidden">
      <rect x={x - width / 2} y={y - 7} width={width} height={14} className="fill-bg" />
      <text x={x} y={y + 3.5} textAnchor="middle" className="fill-fg-3 font-mono text-[10px]!">
        {text}
      </text>
    </g>
  );
}

/** What is made worse on a link, beside its middle. */
export function Chip({ line, text }: { line: Line; text: string }) {
  const width = text.length * 6.2 + 22;
  const { a, b, middle } = line;
  const isUpright = Math.abs(b.y - a.y) > Math.abs(b.x - a.x);
  const x = isUpright ? middle.x + width / 2 + 12 : middle.x;
  const y = isUpright ? middle.y : middle.y - 18;
  return (
    <g className="pointer-events-none">
      <rect x={x - width / 2} y={y - 10} width={width} height={20} rx={10} className="fill-warn-soft" />
      <text x={x} y={y + 4} textAnchor="middle" className="fill-warn text-[11px]">
        {text}
      </text>
    </g>
  );
}

/** A segment, a stub or the outside. */
export function Hub({
  link,
  spot,
  x,
  y,
  lineKey,
}: {
  link: GraphLink;
  spot: Spot;
  x: number;
  y: number;
  /** One of its lines, whose menu is its own too. */
  lineKey: string | undefined;
}) {
  return (
    <g data-link={lineKey} transform={`translate(${x} ${y})`}>
      <rect
        x={-spot.width / 2}
        y={-spot.height / 2}
        width={spot.width}
        height={spot.height}
        rx={link.kind === "lan" ? 4 : 11}
        strokeDasharray={link.kind === "lan" ? undefined : "3 3"}
        className="fill-panel stroke-line-strong"
      />
      <text y={4} textAnchor="middle" className="fill-fg-2 font-mono text-[10.5px]!">
        {hubLabel(link)}
      </text>
    </g>
  );
}
