import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";

export interface InputProps extends ComponentProps<"input"> {
  mono?: boolean;
  /** 32 px in forms, 28 in tool bars. */
  inputSize?: "control" | "form";
  before?: ReactNode;
  after?: ReactNode;
}

const BOX =
  "eased flex w-full items-center gap-2 rounded-control border border-line-strong bg-raise px-2.5 focus-within:outline-2 focus-within:outline-accent focus-within:-outline-offset-1 has-aria-invalid:border-err";

/** One line of text. Invalid when `aria-invalid` is set, which `Field` does. */
export function Input({ mono, inputSize = "form", before, after, className, ...rest }: InputProps) {
  return (
    <span className={cx(BOX, inputSize === "form" ? "h-8" : "h-7", className)}>
      {before && <span className="flex text-fg-3">{before}</span>}
      <input
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        className={cx("h-full w-full min-w-0 bg-transparent outline-none!", mono && "font-mono")}
        {...rest}
      />
      {after}
    </span>
  );
}

/** Several lines, one entry each. */
export function TextArea({ mono, className, ...rest }: ComponentProps<"textarea"> & { mono?: boolean }) {
  return (
    <span className={cx(BOX, className)}>
      <textarea
        spellCheck={false}
        rows={3}
        className={cx("w-full resize-y bg-transparent py-1.5 outline-none!", mono && "font-mono")}
        {...rest}
      />
    </span>
  );
}
