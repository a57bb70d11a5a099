/* The dock's content: panels that stay while pages change. Features open panels here;
   components/Dock draws them. */
import type { ReactNode } from "react";
import { create } from "zustand";
import type { WorkspaceRef } from "@/ipc";

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

interface DockState {
  panels: DockPanel[];
  activeId: string | null;
  isOpen: boolean;
}

export const useDock = create<DockState>(() => ({ panels: [], activeId: null, isOpen: false }));

/** Adds the panel, or brings it up to date, and shows it. */
export function openPanel(panel: DockPanel): void {
  useDock.setState(({ panels }) => {
    const isKnown = panels.some(({ id }) => id === panel.id);
    return {
      panels: isKnown ? panels.map((old) => (old.id === panel.id ? panel : old)) : [...panels, panel],
      activeId: panel.id,
      isOpen: true,
    };
  });
}

/** Changes the title of a panel, for example when its program ended. */
export function renamePanel(id: string, title: string): void {
  useDock.setState(({ panels }) => ({
    panels: panels.map((panel) => (panel.id === id ? { ...panel, title } : panel)),
  }));
}

export function showPanel(id: string): void {
  useDock.setState({ activeId: id, isOpen: true });
}

/** Removes a panel and shows its neighbour; the dock closes with its last panel. */
export function closePanel(id: string): void {
  const { panels, activeId } = useDock.getState();
  const index = panels.findIndex((panel) => panel.id === id);
  const panel = panels[index];
  if (!panel) return;
  const rest = panels.filter((other) => other.id !== id);
  const neighbour = rest[Math.min(index, rest.length - 1)]?.id ?? null;
  useDock.setState({
    panels: rest,
    activeId: activeId === id ? neighbour : activeId,
    ...(rest.length === 0 ? { isOpen: false } : {}),
  });
  panel.onClose?.();
}

export function setDockOpen(isOpen: boolean): void {
  useDock.setState({ isOpen });
}
