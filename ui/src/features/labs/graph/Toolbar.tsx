import { Minus, Plus } from "lucide-react";
import { Button, IconButton } from "@/components";
import type { Position } from "@/ipc";
import { messages } from "@/messages";
import { type Line, linkText } from "./lines";
import type { Viewport } from "./viewport";

const words = messages.labGraph;

/** What can be done to the drawing, over its corner. */
export function Toolbar({
  view,
  onLayOut,
  onExport,
}: {
  view: Viewport;
  onLayOut?: (() => void) | undefined;
  onExport?: (() => void) | undefined;
}) {
  return (
    <div role="toolbar" aria-label={words.tools} className="absolute top-3 right-3.5 flex gap-1.5">
      <IconButton
        framed
        label={words.zoomIn}
        icon={<Plus className="size-3.5!" />}
        onClick={() => view.zoom(1.25)}
        className="w-7!"
      />
      <IconButton
        framed
        label={words.zoomOut}
        icon={<Minus className="size-3.5!" />}
        onClick={() => view.zoom(0.8)}
        className="w-7!"
      />
      <Button title={words.fitTitle} onClick={view.fit}>
        {words.fit}
      </Button>
      {onLayOut && (
        <Button title={words.layOutTitle} onClick={onLayOut}>
          {words.layOut}
        </Button>
      )}
      {onExport && <Button onClick={onExport}>{words.exportSvg}</Button>}
    </div>
  );
}

/** What a line is, while the pointer is on it. */
export function LinkNote({ line, at, rates }: { line: Line; at: Position; rates: string | null }) {
  return (
    <div
      role="tooltip"
      className="pointer-events-none absolute z-10 -translate-x-1/2 -translate-y-1/2 whitespace-nowrap rounded-control border border-line-strong bg-raise px-2 py-0.5 text-small tabular-nums"
      style={{ left: at.x, top: at.y }}
    >
      {linkText(line.link)}
      {rates && ` · ${rates}`}
    </div>
  );
}
