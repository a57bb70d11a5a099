/** A box to tick, with its words. */
export function Check(props: {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: string;
  remark?: string;
}) {
  return (
    <label className="flex items-center gap-2">
      <input
        type="checkbox"
        checked={props.checked}
        onChange={(event) => props.onChange(event.target.checked)}
        className="size-4 accent-accent-solid"
      />
      {props.label}
      {props.remark && <span className="text-fg-3">{props.remark}</span>}
    </label>
  );
}
