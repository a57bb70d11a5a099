import { Checkbox as Base } from "@base-ui/react/checkbox";
import { Check, Minus } from "lucide-react";
import { cx } from "./cx";

interface CheckboxProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** Some of what it stands for is ticked. */
  isMixed?: boolean;
  disabled?: boolean;
  id?: string;
  "aria-label"?: string;
  "aria-labelledby"?: string;
  "aria-describedby"?: string | undefined;
  className?: string;
}

/** Chosen or not, among others. */
export function Checkbox({ checked, onChange, isMixed = false, className, ...rest }: CheckboxProps) {
  return (
    <Base.Root
      checked={checked}
      indeterminate={isMixed}
      onCheckedChange={onChange}
      {...rest}
      className={cx(
        "eased flex size-4.5 shrink-0 items-center justify-center rounded-control border disabled:opacity-55 data-disabled:opacity-55",
        checked || isMixed
          ? "border-transparent bg-accent-solid text-on-accent"
          : "border-line-strong bg-raise",
        className,
      )}
    >
      <Base.Indicator className="flex">
        {isMixed ? (
          <Minus className="size-3!" strokeWidth={2.5} />
        ) : (
          <Check className="size-3!" strokeWidth={2.5} />
        )}
      </Base.Indicator>
    </Base.Root>
  );
}
