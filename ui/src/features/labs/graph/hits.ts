/* What lies under a point of the drawing: lines and hubs are painted, so nothing else knows. */
import type { Position } from "@/ipc";
import type { Hub, Line } from "./lines";

/** The line under the point, or nearest to it within `reach`; for a hub the first of its lines. */
export function lineAt(
  at: Position,
  lines: readonly Line[],
  hubs: readonly Hub[],
  reach: number,
): Line | null {
  const hub = hubs.find(
    (one) =>
      Math.abs(at.x - one.at.x) <= one.box.width / 2 && Math.abs(at.y - one.at.y) <= one.box.height / 2,
  );
  if (hub) return lines.find(({ link }) => link === hub.link) ?? null;
  let best: { line: Line; far: number } | null = null;
  for (const line of lines) {
    const far = distance(at, line.a, line.b);
    if (far <= reach && (!best || far < best.far)) best = { line, far };
  }
  return best?.line ?? null;
}

/** From a point to the nearest of a line between two others. */
function distance(at: Position, a: Position, b: Position): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((at.x - a.x) * dx + (at.y - a.y) * dy) / length;
  const part = Math.min(1, Math.max(0, along));
  return Math.hypot(at.x - a.x - part * dx, at.y - a.y - part * dy);
}
