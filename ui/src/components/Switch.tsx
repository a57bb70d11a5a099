import { Switch as Base } from "@base-ui/react/switch";
import { cx } from "./cx";

interface SwitchProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string;
  disabled?: boolean;
}

/** On or off, at once. */
export function Switch({ checked, onChange, ...rest }: SwitchProps) {
  return (
    <Base.Root
      checked={checked}
      onCheckedChange={onChange}
      {...rest}
      className={cx(
        "eased flex h-5 w-9 shrink-0 items-center rounded-full border p-px",
        checked ? "border-transparent bg-accent-solid" : "border-line-strong bg-raise",
      )}
    >
      <Base.Thumb
        className={cx(
          "size-4 rounded-full transition-transform duration-120",
          checked ? "translate-x-4 bg-on-accent" : "bg-fg-3",
        )}
      />
    </Base.Root>
  );
}
