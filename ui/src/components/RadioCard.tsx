import { cx } from "./cx";

/** One of a few ways, with what it means. */
export function RadioCard(props: {
  /** The same for all that belong together. */
  name: string;
  label: string;
  help: string;
  isChosen: boolean;
  onChoose: () => void;
}) {
  return (
    <label
      className={cx(
        "eased flex items-start gap-2.5 rounded-card border px-3 py-2 has-focus-visible:outline-2 has-focus-visible:outline-accent",
        props.isChosen ? "border-accent-line bg-selected" : "border-line hover:bg-hover",
      )}
    >
      <input
        type="radio"
        name={props.name}
        checked={props.isChosen}
        onChange={props.onChoose}
        className="mt-1 accent-accent outline-none!"
      />
      <span>
        <span className="block font-[550]">{props.label}</span>
        <span className="text-fg-2">{props.help}</span>
      </span>
    </label>
  );
}
