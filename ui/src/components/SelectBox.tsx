import { Check } from "lucide-react";
import { cx } from "./cx";

/** The box at the left edge of a row. The keyboard selects with Space, so it is not in the tab order. */
export function SelectBox(props: {
  label: string;
  isSelected: boolean;
  /** Some row is selected: then every row shows its box. */
  isShown: boolean;
  onToggle: () => void;
}) {
  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={props.isSelected}
      aria-label={props.label}
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation();
        props.onToggle();
      }}
      className={cx(
        "absolute inset-y-0 left-0 flex w-5 items-center justify-center opacity-0 focus-visible:opacity-100 group-hover:opacity-100",
        (props.isShown || props.isSelected) && "opacity-100!",
      )}
    >
      <span
        className={cx(
          "flex size-3.5 items-center justify-center rounded-[3px] border [&_svg]:size-3",
          props.isSelected
            ? "border-transparent bg-accent-solid text-on-accent"
            : "border-line-strong bg-raise",
        )}
      >
        {props.isSelected && <Check strokeWidth={3} />}
      </span>
    </button>
  );
}
