import { memo } from "react";
import { useNow } from "@/app/clock";
import { CELL_MS, stripText } from "@/app/tunnels";
import { formatMoment } from "@/components";
import type { StripCell } from "@/ipc";
import { messages } from "@/messages";

const words = messages.tunnels.strip;
const HEIGHT = 14;
const STEP = 3;

/** Each state has its height and its colour. */
const LOOKS: Record<StripCell, { height: number; fill: string }> = {
  up: { height: HEIGHT, fill: "fill-ok/75" },
  partly: { height: 9, fill: "fill-warn" },
  down: { height: 5, fill: "fill-err" },
  off: { height: 2, fill: "fill-idle" },
};

/** The last 24 hours in half hours, oldest first. */
export const Strip = memo(function Strip({ strip }: { strip: readonly StripCell[] }) {
  const now = useNow(CELL_MS);
  const begin = now - (strip.length - 1) * CELL_MS;
  const text = stripText(strip);
  if (strip.every((cell) => cell === "off"))
    return (
      <span className="text-fg-3" title={text}>
        —<span className="sr-only">{text}</span>
      </span>
    );
  return (
    <svg
      role="img"
      aria-label={text}
      width={strip.length * STEP - 1}
      height={HEIGHT}
      className="block max-w-full"
    >
      {strip.map((cell, index) => {
        const { height, fill } = LOOKS[cell];
        const from = begin + index * CELL_MS;
        return (
          <g key={from}>
            <title>{words.cell(formatMoment(from, now), formatMoment(from + CELL_MS, now), cell)}</title>
            {/* What is pointed at is as high as the strip. */}
            <rect x={index * STEP} width={STEP} height={HEIGHT} fill="transparent" />
            <rect
              x={index * STEP}
              y={HEIGHT - height}
              width={STEP - 1}
              height={height}
              rx={0.5}
              className={fill}
            />
          </g>
        );
      })}
    </svg>
  );
});
