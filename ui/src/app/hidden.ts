/* What the person put out of sight on Home, kept on this computer; each can be brought back for a moment. */
import { create } from "zustand";

const KEY = "moorline.hidden";
/** The oldest leave first. */
const MOST = 200;

function stored(): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  } catch {
    return [];
  }
}

export const useHidden = create<{ keys: readonly string[] }>(() => ({ keys: stored() }));

function keep(keys: readonly string[]): void {
  useHidden.setState({ keys });
  try {
    localStorage.setItem(KEY, JSON.stringify(keys));
  } catch {
    // A full or forbidden storage costs only that it is shown again after the next start.
  }
}

export const hide = (key: string): void =>
  keep([...useHidden.getState().keys.filter((known) => known !== key), key].slice(-MOST));

export const unhide = (key: string): void => keep(useHidden.getState().keys.filter((known) => known !== key));
