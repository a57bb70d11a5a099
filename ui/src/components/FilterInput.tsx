import { Search } from "lucide-react";
import type { KeyboardEvent, RefObject } from "react";
import { cx } from "./cx";
import { Input } from "./Input";
import { Kbd } from "./Kbd";

interface FilterInputProps {
  ref?: RefObject<HTMLInputElement | null>;
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** Where the keys go that leave the field: Escape, which also empties it, and the arrow down. */
  onLeave?: () => void;
  className?: string;
}

/** The filter of a page; "/" leads to it. */
export function FilterInput({ ref, label, value, onChange, onLeave, className }: FilterInputProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") onChange("");
    if (!onLeave || (event.key !== "Escape" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    onLeave();
  };
  return (
    <Input
      {...(ref ? { ref } : {})}
      data-filter
      inputSize="control"
      className={cx("w-55!", className)}
      type="search"
      aria-label={label}
      placeholder={label}
      value={value}
      before={<Search className="size-3.5!" />}
      after={
        value === "" && (
          <span className="narrow:hidden">
            <Kbd keys={["/"]} />
          </span>
        )
      }
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={onKeyDown}
    />
  );
}
