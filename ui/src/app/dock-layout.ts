/* Where the panels of the dock stood, kept for this window over a reload. */
import type { DockSide } from "@/components";
import type { WorkspaceRef } from "@/ipc";
import type { DockState } from "./dock";

const KEY = "moorline.dock";

interface Layout {
  panels: { id: string; workspace: WorkspaceRef | null }[];
  right: string[];
  shown: Record<DockSide, string | null>;
  activeId: string | null;
  isOpen: boolean;
}

function read(): Layout | null {
  try {
    const layout: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return isLayout(layout) ? layout : null;
  } catch {
    return null;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

function isLayout(value: unknown): value is Layout {
  return (
    isRecord(value) && Array.isArray(value.panels) && Array.isArray(value.right) && isRecord(value.shown)
  );
}

const saved = read();
/** Panels that took their places again. */
const taken = new Set<string>();

/** The panels of before the reload that did not come back yet. */
export const savedPanels = (): Layout["panels"] => saved?.panels ?? [];

/** The place a panel had before the reload; none when it had none, or took it already. */
export function savedPlace(
  id: string,
  state: DockState,
): (Omit<DockState, "panels"> & { index: number }) | null {
  const order = saved?.panels.map((panel) => panel.id) ?? [];
  const at = order.indexOf(id);
  if (!saved || at < 0 || taken.has(id)) return null;
  taken.add(id);
  const index = state.panels.filter((panel) => {
    const other = order.indexOf(panel.id);
    return other >= 0 && other < at;
  }).length;
  const side: DockSide = saved.right.includes(id) ? "right" : "left";
  const right = side === "right" ? [...state.right, id] : state.right;
  const isShown = saved.shown[side] === id || state.shown[side] === null;
  return {
    index,
    right,
    shown: isShown ? { ...state.shown, [side]: id } : state.shown,
    activeId: saved.activeId === id || state.activeId === null ? id : state.activeId,
    isOpen: saved.isOpen,
  };
}

/** Writes down where everything stands. */
export function keepLayout({ panels, right, shown, activeId, isOpen }: DockState): void {
  const places = panels.map(({ id, workspace }) => ({ id, workspace: workspace ?? null }));
  // Panels that are still on their way back keep their places.
  const waiting = savedPanels().filter(({ id }) => !taken.has(id));
  const layout: Layout = {
    panels: [...places, ...waiting],
    right: [...right, ...(saved?.right.filter((id) => waiting.some((one) => one.id === id)) ?? [])],
    shown,
    activeId,
    isOpen,
  };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(layout));
  } catch {
    // Without storage the dock begins anew after a reload.
  }
}
