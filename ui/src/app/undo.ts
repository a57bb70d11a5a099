/* Undo: the newest thing that can be taken back, for a few seconds, by its notice or by a key. */
import { messages } from "@/messages";
import { dismissToast, showToast, useToasts } from "./toasts";

/** How long a thing can be undone. */
export const UNDO_MS = 5000;

let newest: { id: string; undo: () => void } | null = null;

/** Says what was done and offers to take it back. `id` replaces an earlier notice about the same thing. */
export function offerUndo(text: string, undo: () => void, id?: string): void {
  const shown = showToast({
    ...(id ? { id } : {}),
    tone: "ok",
    text,
    action: { label: messages.notices.undo, run: undo },
    expiresMs: UNDO_MS,
  });
  newest = { id: shown, undo };
}

/** Whether there is something to undo: its notice is still on the screen. */
export const canUndo = (): boolean => newest !== null && isShown(newest);

/** Takes the newest thing back. */
export function undoNewest(): void {
  const last = newest;
  newest = null;
  if (!last || !isShown(last)) return;
  dismissToast(last.id);
  last.undo();
}

const isShown = ({ id, undo }: { id: string; undo: () => void }): boolean =>
  useToasts.getState().toasts.some((toast) => toast.id === id && toast.action?.run === undo);
