/* Notices that float: what finished or failed, each with at most one thing to do about it. */
import { create } from "zustand";
import type { Failure } from "@/ipc";
import { messages } from "@/messages";

export interface Toast {
  id: string;
  tone: "ok" | "err" | "info";
  text: string;
  /** A second line: the hint, or where to look. */
  detail?: string;
  action?: { label: string; run: () => void };
  /** Takes itself away after so long; without it, it stays until dismissed. */
  expiresMs?: number;
}

let nextId = 1;

export const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }));

/** Shows a notice; one with the same id is replaced. Returns its id. */
export function showToast(toast: Omit<Toast, "id"> & { id?: string }): string {
  const id = toast.id ?? `toast-${nextId++}`;
  useToasts.setState(({ toasts }) => ({
    toasts: [...toasts.filter((other) => other.id !== id), { ...toast, id }].slice(-4),
  }));
  return id;
}

export function dismissToast(id: string): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}

/** Shows why something asked for failed. */
export function showFailure(failure: Failure): void {
  showToast({
    tone: "err",
    text: messages.sentence(failure.message),
    ...(failure.hint ? { detail: failure.hint } : {}),
  });
}
