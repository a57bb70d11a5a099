import type { ReactNode } from "react";
import { cx } from "./cx";

/** A small fact: a port, a branch. `lit` while it is in use. */
export function Chip({
  lit,
  mono,
  icon,
  children,
}: {
  lit?: boolean;
  mono?: boolean;
  icon?: ReactNode;
  children: ReactNode;
}) {
  return (
    <span
      className={cx(
        "inline-flex h-5 shrink-0 items-center gap-1 rounded-full border px-[7px] text-small",
        mono && "font-mono",
        lit ? "border-accent-line bg-accent-soft text-accent" : "border-line-strong text-fg-2",
      )}
    >
      {icon}
      {children}
    </span>
  );
}

/** A chip that is on or off. */
export function ToggleChip({
  on,
  onChange,
  children,
}: {
  on: boolean;
  onChange: (on: boolean) => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={() => onChange(!on)}
      className={cx(
        "eased inline-flex h-5 items-center rounded-full border px-2 text-small",
        on ? "border-accent-line bg-accent-soft text-accent" : "border-line-strong text-fg-2 hover:bg-hover",
      )}
    >
      {children}
    </button>
  );
}
