/* Which node an arrow key leads to: the nearest that lies that way. */
import type { Position } from "@/ipc";
import type { Positions } from "./layout";

const WAYS: Record<string, Position> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Null for keys that do not move, and where nothing lies that way. */
export function nodeTowards(
  key: string,
  from: string,
  names: readonly string[],
  places: Positions,
): string | null {
  const way = WAYS[key];
  const start = places[from];
  if (!way || !start) return null;
  let best: { name: string; cost: number } | null = null;
  for (const name of names) {
    const at = places[name];
    if (!at || name === from) continue;
    const [dx, dy] = [at.x - start.x, at.y - start.y];
    const along = dx * way.x + dy * way.y;
    const aside = Math.abs(dx * way.y) + Math.abs(dy * way.x);
    if (along <= 1) continue;
    const cost = along + aside * 2;
    if (!best || cost < best.cost) best = { name, cost };
  }
  return best?.name ?? null;
}
