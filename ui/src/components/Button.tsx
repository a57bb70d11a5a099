import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";

export type ButtonTone = "main" | "default" | "quiet" | "danger" | "danger-main";

export interface ButtonProps extends ComponentProps<"button"> {
  /** `main` at most once a screen; `danger` for what loses something. */
  tone?: ButtonTone;
  /** 28 px, or 32 in forms. */
  size?: "control" | "form";
  icon?: ReactNode;
}

const TONES: Record<ButtonTone, string> = {
  main: "bg-accent-solid text-on-accent border-transparent enabled:hover:bg-accent-solid-hover",
  default: "bg-raise text-fg border-line-strong enabled:hover:bg-hover",
  quiet: "bg-transparent text-fg-2 border-transparent enabled:hover:bg-hover enabled:hover:text-fg",
  danger: "bg-raise text-err border-line-strong enabled:hover:bg-err-soft",
  "danger-main": "bg-err-solid text-on-accent border-transparent enabled:hover:bg-err-solid-hover",
};

/** A button with a verb on it. */
export function Button({
  tone = "default",
  size = "control",
  icon,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      className={cx(
        "eased inline-flex items-center justify-center gap-2 whitespace-nowrap rounded-control border font-[550] [&_svg]:size-3.5",
        "disabled:opacity-55 aria-disabled:opacity-55",
        size === "form" ? "h-8 px-3.5" : "h-7 px-3",
        TONES[tone],
        className,
      )}
      {...rest}
    >
      {icon}
      {children}
    </button>
  );
}
