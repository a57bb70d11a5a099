/* What the command palette finds: the actions of the registry, and what sources offer of the objects there
   are now. Also which of it was used last, kept on this computer. */
import type { ReactNode } from "react";
import { create } from "zustand";

export interface PaletteItem {
  /** Stable over starts of the app, for example "workspace.stop forge-1/atlas-api". */
  id: string;
  title: string;
  /** Where or how it is, behind the title. */
  detail?: string;
  /** Further words by which it is found. */
  words?: string;
  icon?: ReactNode;
  shortcut?: string;
  /** Below 0: found, but after the others. */
  weight?: number;
  run: () => void;
}

/** Called when the palette opens and whenever the state changes while it is open. */
export type PaletteSource = () => readonly PaletteItem[];

const RECENT_KEY = "moorline.recent";
const MOST_RECENT = 30;

interface PaletteState {
  isOpen: boolean;
  sources: readonly PaletteSource[];
  /** Ids, newest first. */
  recent: readonly string[];
}

export const usePalette = create<PaletteState>(() => ({ isOpen: false, sources: [], recent: stored() }));

export const openPalette = (): void => usePalette.setState({ isOpen: true });
export const closePalette = (): void => usePalette.setState({ isOpen: false });

/** Adds what is found from now on; returns how to take it away again. */
export function registerPalette(...added: PaletteSource[]): () => void {
  usePalette.setState(({ sources }) => ({ sources: [...sources, ...added] }));
  return () =>
    usePalette.setState(({ sources }) => ({ sources: sources.filter((source) => !added.includes(source)) }));
}

/** Remembers that this was used. */
export function used(id: string): void {
  const recent = [id, ...usePalette.getState().recent.filter((known) => known !== id)].slice(0, MOST_RECENT);
  usePalette.setState({ recent });
  try {
    localStorage.setItem(RECENT_KEY, JSON.stringify(recent));
  } catch {
    // A full or forbidden storage costs only the order after the next start.
  }
}

function stored(): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(RECENT_KEY) ?? "[]");
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  } catch {
    return [];
  }
}
