import { Check } from "lucide-react";
import { useEffect, useState } from "react";
import { messages } from "@/messages";
import { cx } from "./cx";

const SAID_MS = 1500;

/** Copies and remembers for a moment that it did. */
export function useCopied(): [boolean, (text: string) => void] {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return [copied, (text) => void navigator.clipboard.writeText(text).then(() => setCopied(true))];
}

/** An address, name or command in mono: a click copies it and says so. */
export function CopyText({
  text,
  shown,
  accent,
  className,
  tabIndex,
}: {
  text: string;
  shown?: string;
  accent?: boolean;
  className?: string;
  /** In rows, where only the active one is in the tab order. */
  tabIndex?: number;
}) {
  const [copied, copy] = useCopied();
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      title={messages.copy.hint(text)}
      aria-label={shown ? messages.copy.shown(shown, text) : messages.copy.hint(text)}
      onClick={(event) => {
        event.stopPropagation();
        copy(text);
      }}
      className={cx(
        "inline-flex min-w-0 items-center rounded-control text-left hover:underline",
        accent && "text-accent",
        className,
      )}
    >
      <span className="truncate font-mono">{shown ?? text}</span>
      <span aria-live="polite" className="shrink-0">
        {copied && (
          <span className="ml-1.5 inline-flex items-center gap-1 text-ok text-small">
            <Check className="size-3!" /> {messages.copy.done}
          </span>
        )}
      </span>
    </button>
  );
}
