import { memo } from "react";
import { cx } from "./cx";

/** The course of one value, without axes. `label` says it in words. */
export const Sparkline = memo(function Sparkline({
  values,
  max,
  label,
  width = 84,
  height = 18,
  className = "text-accent",
}: {
  values: readonly number[];
  /** The top of the scale; the highest value when left out. */
  max?: number;
  label: string;
  width?: number;
  height?: number;
  className?: string;
}) {
  if (values.length < 2) return <span className="text-fg-3">—</span>;
  const top = Math.max(max ?? 0, ...values, 1e-9);
  const step = width / (values.length - 1);
  const points = values
    .map(
      (value, index) =>
        `${(index * step).toFixed(1)},${(height - 2 - (value / top) * (height - 4)).toFixed(1)}`,
    )
    .join(" ");
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      style={{ width, height }}
      className={cx("block max-w-full", className)}
    >
      <polyline
        points={points}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
});
