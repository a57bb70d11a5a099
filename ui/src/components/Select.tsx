import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronsUpDown } from "lucide-react";
import { cx } from "./cx";
import type { FieldControl } from "./Field";

export interface SelectOption<T extends string> {
  value: T;
  label: string;
  remark?: string | null;
}

interface SelectProps<T extends string> {
  value: T;
  options: readonly SelectOption<T>[];
  onChange: (value: T) => void;
  control?: FieldControl;
  "aria-label"?: string;
  disabled?: boolean;
  className?: string;
}

/** One of several values, each known beforehand. */
export function Select<T extends string>({
  value,
  options,
  onChange,
  control,
  className,
  ...rest
}: SelectProps<T>) {
  const items = options.map((option) => ({ value: option.value, label: option.label }));
  return (
    <Base.Root items={items} value={value} onValueChange={(next) => next !== null && onChange(next)}>
      <Base.Trigger
        {...control}
        {...rest}
        className={cx(
          "eased flex h-8 w-full items-center justify-between gap-2 rounded-control border border-line-strong bg-raise px-2.5 text-left hover:bg-hover aria-invalid:border-err",
          className,
        )}
      >
        <Base.Value className="truncate" />
        <Base.Icon className="flex text-fg-3">
          <ChevronsUpDown />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
          <Base.Popup className="max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto rounded-card border border-line-strong bg-raise p-1 shadow-float">
            {options.map((option) => (
              <Base.Item
                key={option.value}
                value={option.value}
                className="flex h-8 items-center gap-2 rounded-control px-2 outline-none data-highlighted:bg-selected"
              >
                <span className="flex w-4">
                  <Base.ItemIndicator>
                    <Check className="text-accent" />
                  </Base.ItemIndicator>
                </span>
                <Base.ItemText className="grow">{option.label}</Base.ItemText>
                {option.remark && <span className="text-fg-3">{option.remark}</span>}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
