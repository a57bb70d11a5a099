/* The one registry of actions: what can be done, under which title and keys, when, and how.
   Buttons, menus, shortcuts and the shortcut sheet all read it. */
import type { ReactNode } from "react";
import { create } from "zustand";

export interface Action {
  /** For example "workspaces.new". */
  id: string;
  title: string;
  icon?: ReactNode;
  /** For example "Mod+,", "n", "/". `Mod` is Cmd on macOS and Ctrl elsewhere. */
  shortcut?: string;
  /** Other keys for the same, for example where a terminal keeps the first for itself. */
  also?: readonly string[];
  /** Of the page that is open: its keys go before the same keys of everywhere. */
  isOfPage?: boolean;
  /** Whether it makes sense now; left out means always. */
  when?: () => boolean;
  run: () => void;
}

export const useActions = create<{ actions: Record<string, Action> }>(() => ({ actions: {} }));

/** Adds actions; returns how to take them away again (pages do so when they are left). */
export function registerActions(...actions: Action[]): () => void {
  useActions.setState((state) => ({
    actions: { ...state.actions, ...Object.fromEntries(actions.map((action) => [action.id, action])) },
  }));
  return () =>
    useActions.setState((state) => ({
      actions: Object.fromEntries(
        Object.entries(state.actions).filter(([, action]) => !actions.includes(action)),
      ),
    }));
}

/** Runs an action if it is there and makes sense now; says whether it ran. */
export function runAction(id: string): boolean {
  const action = useActions.getState().actions[id];
  if (!action || action.when?.() === false) return false;
  action.run();
  return true;
}

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** The keys of a shortcut as a person reads them here. */
export function shortcutKeys(shortcut: string): string[] {
  return shortcut.split("+").map((key) => {
    if (key === "Mod") return isMac ? "⌘" : "Ctrl";
    return key.length === 1 ? key.toUpperCase() : key;
  });
}

/** Whether a key press is this shortcut. */
export function matchesShortcut(event: KeyboardEvent, shortcut: string): boolean {
  const keys = shortcut.split("+");
  const key = keys.at(-1) ?? "";
  const needsMod = keys.includes("Mod");
  const hasMod = isMac ? event.metaKey : event.ctrlKey;
  if (hasMod !== needsMod || event.altKey) return false;
  // Signs such as "?" need Shift on some keyboards; letters mean it.
  if (/^[a-z]$/i.test(key) && event.shiftKey !== keys.includes("Shift")) return false;
  return event.key.toLowerCase() === key.toLowerCase();
}

/** Whether keys go into a field or a terminal. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches("input, textarea, select") ||
    target.closest(".xterm") !== null);

/** Runs the action whose shortcut was pressed. Plain keys are left to fields and terminals, all of them to
    an open dialog: what is typed there must not be lost. */
export function handleShortcut(event: KeyboardEvent): void {
  if (event.defaultPrevented || isOpen("[role=dialog], [role=alertdialog]")) return;
  const actions = Object.values(useActions.getState().actions);
  for (const action of actions.sort((a, b) => Number(isOfPage(b)) - Number(isOfPage(a)))) {
    const pressed = keysOf(action).find((keys) => matchesShortcut(event, keys));
    if (!pressed) continue;
    if (!pressed.includes("Mod") && (isTyping(event.target) || isOpen("[role=menu]"))) continue;
    if (action.when?.() === false) continue;
    event.preventDefault();
    action.run();
    return;
  }
}

/** Whether the open page has the same keys for something else. */
export const isShadowed = (action: Action, actions: readonly Action[]): boolean =>
  !isOfPage(action) &&
  action.shortcut !== undefined &&
  actions.some((other) => isOfPage(other) && other.shortcut === action.shortcut);

const isOfPage = (action: Action): boolean => action.isOfPage === true;

const keysOf = ({ shortcut, also = [] }: Action): readonly string[] =>
  shortcut ? [shortcut, ...also] : also;

const isOpen = (selector: string) => document.querySelector(selector) !== null;
