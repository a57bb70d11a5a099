import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";
import { Tooltip } from "./Tooltip";

export interface IconButtonProps extends Omit<ComponentProps<"button">, "aria-label"> {
  /** What it does; its accessible name and its tooltip. */
  label: string;
  icon: ReactNode;
  /** With a border, for tool bars. */
  framed?: boolean;
  shortcut?: string[];
}

/** A button that shows only an icon. */
export function IconButton({ label, icon, framed, shortcut, className, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} {...(shortcut ? { shortcut } : {})}>
      <button
        type="button"
        aria-label={label}
        className={cx(
          "eased inline-flex h-7 items-center justify-center rounded-control text-fg-2",
          "enabled:hover:bg-hover enabled:hover:text-fg disabled:opacity-55",
          framed ? "w-9.5 border border-line-strong bg-raise" : "w-7",
          className,
        )}
        {...rest}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
