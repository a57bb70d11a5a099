import { cx } from "./cx";

/** The keys of a shortcut. `onAccent` for use inside the main button. */
export function Kbd({ keys, onAccent }: { keys: string[]; onAccent?: boolean }) {
  return (
    <kbd
      className={cx(
        "inline-flex h-4.5 items-center rounded-[4px] border px-1.5 font-sans text-[11px] leading-none",
        onAccent ? "border-on-accent/50 text-on-accent" : "border-line-strong text-fg-3",
      )}
    >
      {keys.join(" ")}
    </kbd>
  );
}
