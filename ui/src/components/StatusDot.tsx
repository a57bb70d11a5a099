import { cx } from "./cx";

export type StatusTone = "ok" | "busy" | "err" | "idle" | "unknown" | "warn" | "info";

const FILLED: Record<Exclude<StatusTone, "busy" | "unknown">, string> = {
  ok: "bg-ok",
  err: "bg-err",
  idle: "bg-idle",
  warn: "bg-warn",
  info: "bg-info",
};

const WORDS: Record<StatusTone, string> = {
  ok: "",
  busy: "text-warn",
  err: "text-err",
  idle: "",
  warn: "text-warn",
  info: "",
  unknown: "text-fg-3",
};

/** The mark alone: filled, an arc that turns while something changes, hollow when not known. */
export function Dot({ tone }: { tone: StatusTone }) {
  return (
    <span aria-hidden className="inline-flex w-2.5 shrink-0 items-center justify-center">
      {tone === "busy" ? (
        <svg viewBox="0 0 12 12" className="turning -mx-0.5 size-[11px] text-warn" aria-hidden="true">
          <circle
            cx="6"
            cy="6"
            r="4.5"
            fill="none"
            stroke="currentColor"
            strokeOpacity="0.3"
            strokeWidth="1.5"
          />
          <path d="M6 1.5A4.5 4.5 0 1 1 1.5 6" fill="none" stroke="currentColor" strokeWidth="1.5" />
        </svg>
      ) : tone === "unknown" ? (
        <span className="size-2 rounded-full border-2 border-fg-3" />
      ) : (
        <span className={cx("size-2 rounded-full", FILLED[tone])} />
      )}
    </span>
  );
}

/** State as a mark and a word; never a colour alone. */
export function StatusDot({ tone, word, className }: { tone: StatusTone; word: string; className?: string }) {
  return (
    <span className={cx("inline-flex min-w-0 items-center gap-[7px]", className)}>
      <Dot tone={tone} />
      <span className={cx("truncate", WORDS[tone])}>{word}</span>
    </span>
  );
}
