import { type PointerEvent, useState } from "react";
import type { Position } from "@/ipc";
import type { Positions } from "./layout";
import type { Viewport } from "./viewport";

const DRAG_FROM = 4;

/** A node follows the pointer; where it is let go is told once. */
export function useDrag(
  view: Viewport,
  places: Positions,
  onDrop: ((name: string, at: Position) => void) | null,
) {
  const [dragged, setDragged] = useState<Positions>({});
  const grab = (name: string, event: PointerEvent<HTMLElement>) => {
    event.stopPropagation();
    if (event.button !== 0) return;
    const card = event.currentTarget;
    card.focus();
    const [began, from] = [view.toDrawing(event), places[name]];
    if (!from || !onDrop) return;
    card.setPointerCapture(event.pointerId);
    let to: Position | null = null;
    const onMove = (move: globalThis.PointerEvent) => {
      const now = view.toDrawing(move);
      if (!to && Math.hypot(now.x - began.x, now.y - began.y) < DRAG_FROM) return;
      to = { x: Math.round(from.x + now.x - began.x), y: Math.round(from.y + now.y - began.y) };
      setDragged({ [name]: to });
    };
    const onUp = () => {
      card.removeEventListener("pointermove", onMove);
      card.removeEventListener("pointerup", onUp);
      card.removeEventListener("pointercancel", onUp);
      if (to) onDrop(name, to);
      setDragged({});
    };
    card.addEventListener("pointermove", onMove);
    card.addEventListener("pointerup", onUp);
    card.addEventListener("pointercancel", onUp);
  };
  return { dragged, grab };
}
