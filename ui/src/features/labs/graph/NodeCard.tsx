import { type KeyboardEvent, type MouseEvent, memo, type PointerEvent } from "react";
import type { Status } from "@/app/status";
import { cx, type StatusTone } from "@/components";
import type { GraphNode, Position } from "@/ipc";
import { messages } from "@/messages";
import type { Box } from "./layout";

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
  menu: (name: string, event: MouseEvent<HTMLElement>) => void;
  key: (name: string, event: KeyboardEvent<HTMLElement>) => void;
  grab: (name: string, event: PointerEvent<HTMLElement>) => void;
}

/** A node: its state, its name, what it is. */
export const NodeCard = memo(function NodeCard(props: NodeCardProps) {
  const { node, box, at, tone, word, isSelected, isActive, on } = props;
  const { name, kind, role } = node;
  return (
    <button
      type="button"
      data-node={name}
      aria-label={words.node(name, kind, role, word)}
      aria-pressed={isSelected}
      tabIndex={isActive ? 0 : -1}
      onFocus={() => on.focus(name)}
      onDoubleClick={() => on.open(name)}
      onContextMenu={(event) => on.menu(name, event)}
      onKeyDown={(event) => on.key(name, event)}
      onPointerDown={(event) => on.grab(name, event)}
      style={{
        ["--far-letter" as string]: `${farLetter(name, box)}px`,
        width: box.width,
        height: box.height,
        transform: `translate(${at.x - box.width / 2}px, ${at.y - box.height / 2}px)`,
      }}
      className={cx(
        "absolute top-0 left-0 block cursor-pointer overflow-hidden rounded-card border bg-raise text-left contain-strict hover:bg-hover focus-visible:outline-3 focus-visible:outline-accent-soft focus-visible:outline-offset-0",
        isSelected ? "border-accent inset-ring inset-ring-accent" : "border-line-strong",
      )}
    >
      <span className="mx-2.75 flex items-center gap-1.5 font-semibold leading-5 in-data-far:text-(length:--far-letter)">
        {tone && <span className={cx("size-2 shrink-0 rounded-full in-data-far:size-3", MARK[tone])} />}
        <span className="whitespace-nowrap">{name}</span>
      </span>{" "}
      <span className="mx-2.75 block whitespace-nowrap text-[11px] text-fg-3 leading-4 in-data-far:hidden">
        {words.kind(kind, role)}
      </span>
    </button>
  );
});

/** Seen from afar only the name is shown, as large as its card lets it be. */
const farLetter = (name: string, { width }: Box): number =>
  Math.round(Math.min(20, Math.max(13, (width - 42) / (name.length * 0.6))));

const MARK: Record<StatusTone, string> = {
  ok: "bg-ok",
  busy: "bg-warn",
  warn: "bg-warn",
  err: "bg-err",
  idle: "bg-idle",
  info: "bg-info",
  unknown: "border-2 border-fg-3",
};
