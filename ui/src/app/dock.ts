/* The dock's content: panels that stay while pages change, one or two side by side. Features open panels
   here; components/Dock draws them. Where each stands outlives a reload of the window. */
import type { ReactNode } from "react";
import { create } from "zustand";
import type { DockSide } from "@/components";
import type { WorkspaceRef } from "@/ipc";
import { keepLayout, savedPlace } from "./dock-layout";

export interface DockPanel {
  /** Stable: opening a panel with a known id shows the one that is there. */
  id: string;
  title: string;
  icon?: ReactNode;
  /** Drawn once and kept mounted while the panel exists. */
  content: ReactNode;
  /** The workspace it belongs to: "+" opens a terminal there, and the round trip is shown. */
  workspace?: WorkspaceRef;
  /** Called after the person closed the panel. */
  onClose?: () => void;
}

export interface DockState {
  panels: DockPanel[];
  /** Ids of the panels that stand at the right; the others stand at the left. */
  right: readonly string[];
  /** The panel in view on each side. */
  shown: Readonly<Record<DockSide, string | null>>;
  /** The one of them that was used last. */
  activeId: string | null;
  isOpen: boolean;
}

export const emptyDock: DockState = {
  panels: [],
  right: [],
  shown: { left: null, right: null },
  activeId: null,
  isOpen: false,
};

export const useDock = create<DockState>(() => emptyDock);
useDock.subscribe(keepLayout);

export const sideOf = ({ right }: Pick<DockState, "right">, id: string | null): DockSide =>
  id !== null && right.includes(id) ? "right" : "left";

/** Adds the panel beside the one used last, or brings it up to date, and shows it. A panel that was there
    before the window was loaded anew takes its old place instead. */
export function openPanel(panel: DockPanel): void {
  useDock.setState((state) => {
    if (state.panels.some(({ id }) => id === panel.id)) {
      const panels = state.panels.map((old) => (old.id === panel.id ? panel : old));
      return shownIn({ ...state, panels }, panel.id);
    }
    const saved = savedPlace(panel.id, state);
    if (saved) return { ...saved, panels: withPanel(state.panels, panel, saved.index) };
    const right = sideOf(state, state.activeId) === "right" ? [...state.right, panel.id] : state.right;
    return shownIn({ ...state, right, panels: [...state.panels, panel] }, panel.id);
  });
}

const withPanel = (panels: readonly DockPanel[], panel: DockPanel, index: number) => [
  ...panels.slice(0, index),
  panel,
  ...panels.slice(index),
];

const shownIn = (state: DockState, id: string): DockState => ({
  ...state,
  shown: { ...state.shown, [sideOf(state, id)]: id },
  activeId: id,
  isOpen: true,
});

/** Changes the title of a panel, for example when its program ended. */
export function renamePanel(id: string, title: string): void {
  useDock.setState(({ panels }) => ({
    panels: panels.map((panel) => (panel.id === id ? { ...panel, title } : panel)),
  }));
}

/** Shows a panel. One that is not there yet shows itself when it comes, beside the one used last. */
export function showPanel(id: string): void {
  useDock.setState((state) =>
    state.panels.some((panel) => panel.id === id) ? shownIn(state, id) : { isOpen: true },
  );
}

/** Moves a panel to the other side; the last panel of the left side stays. */
export function movePanel(id: string): void {
  useDock.setState((state) => {
    const from = sideOf(state, id);
    const rest = state.panels.filter((panel) => panel.id !== id && sideOf(state, panel.id) === from);
    if (from === "left" && rest.length === 0) return state;
    const right = from === "right" ? state.right.filter((other) => other !== id) : [...state.right, id];
    const left = { ...state.shown, [from]: rest.at(-1)?.id ?? null };
    return shownIn({ ...state, right, shown: left }, id);
  });
}

/** Removes a panel and shows its neighbour; the dock closes with its last panel. */
export function closePanel(id: string): void {
  const state = useDock.getState();
  const panel = state.panels.find((one) => one.id === id);
  if (!panel) return;
  const side = sideOf(state, id);
  const peers = state.panels.filter((one) => sideOf(state, one.id) === side);
  const index = peers.indexOf(panel);
  const neighbour = (peers[index + 1] ?? peers[index - 1])?.id ?? null;
  const panels = state.panels.filter((one) => one !== panel);
  const shown = state.shown[side] === id ? { ...state.shown, [side]: neighbour } : state.shown;
  const right = state.right.filter((other) => other !== id);
  const next =
    shown.left === null && right.length > 0
      ? { right: [], shown: { left: shown.right, right: null } }
      : { right, shown };
  const activeId = state.activeId === id ? (neighbour ?? next.shown.left) : state.activeId;
  useDock.setState({ panels, ...next, activeId, ...(panels.length === 0 ? { isOpen: false } : {}) });
  panel.onClose?.();
}

export function setDockOpen(isOpen: boolean): void {
  useDock.setState({ isOpen });
}
