import { cx } from "./cx";

export interface Segment<T extends string> {
  value: T;
  label: string;
  count?: number;
}

/** A few views of the same list, or a few ways to begin: exactly one is chosen. */
export function Segments<T extends string>({
  segments,
  value,
  onChange,
  label,
  wide,
}: {
  segments: readonly Segment<T>[];
  value: T;
  onChange: (value: T) => void;
  label: string;
  wide?: boolean;
}) {
  return (
    <div role="group" aria-label={label} className={cx("flex h-7 shrink-0", wide && "h-8 w-full")}>
      {segments.map((segment) => (
        <button
          key={segment.value}
          type="button"
          aria-pressed={segment.value === value}
          onClick={() => onChange(segment.value)}
          className={cx(
            "eased -ml-px border border-line-strong px-2.5 first:ml-0 first:rounded-l-control last:rounded-r-control focus-visible:z-10",
            wide && "grow",
            segment.value === value ? "bg-selected font-[550] text-fg" : "bg-raise text-fg-2 hover:bg-hover",
          )}
        >
          {segment.label}
          {segment.count !== undefined && ` ${segment.count}`}
        </button>
      ))}
    </div>
  );
}
