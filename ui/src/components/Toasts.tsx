import { X } from "lucide-react";
import { useEffect } from "react";
import { messages } from "@/messages";
import { Button } from "./Button";
import { IconButton } from "./IconButton";
import { Dot } from "./StatusDot";

export interface ToastView {
  id: string;
  tone: "ok" | "err" | "info";
  text: string;
  detail?: string;
  action?: { label: string; run: () => void };
  expiresMs?: number;
}

/** Notices above the status bar, newest last; they stay until dismissed unless they expire. */
export function Toasts({
  toasts,
  onDismiss,
}: {
  toasts: readonly ToastView[];
  onDismiss: (id: string) => void;
}) {
  return (
    <ol
      aria-label={messages.toasts.name}
      aria-live="polite"
      className="pointer-events-none fixed right-4 bottom-9.5 z-30 flex w-92 max-w-[calc(100vw-32px)] flex-col gap-2"
    >
      {toasts.map((toast) => (
        <ToastItem key={toast.id} toast={toast} onDismiss={() => onDismiss(toast.id)} />
      ))}
    </ol>
  );
}

function ToastItem({ toast, onDismiss }: { toast: ToastView; onDismiss: () => void }) {
  const { expiresMs } = toast;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the timer begins anew with each toast, also one that replaces another
  useEffect(() => {
    if (expiresMs === undefined) return;
    const timer = setTimeout(onDismiss, expiresMs);
    return () => clearTimeout(timer);
  }, [expiresMs, toast]);
  return (
    <li className="pointer-events-auto flex items-start gap-2.5 rounded-card border border-line-strong bg-raise py-2.5 pr-2 pl-3 shadow-float">
      <span className="flex h-5 items-center">
        <Dot tone={toast.tone} />
      </span>
      <div className="min-w-0 grow">
        <p className="break-words">{toast.text}</p>
        {toast.detail && <p className="break-words text-fg-3">{toast.detail}</p>}
      </div>
      {toast.action && (
        <Button
          onClick={() => {
            toast.action?.run();
            onDismiss();
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <IconButton label={messages.toasts.dismiss} icon={<X />} onClick={onDismiss} className="h-6 w-6!" />
    </li>
  );
}
