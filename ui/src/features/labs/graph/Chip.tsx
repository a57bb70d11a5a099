import type { Line } from "./lines";

const GAP = 12;

/** What is made worse on a link, beside its middle. */
export function Chip({ line, text }: { line: Line; text: string }) {
  const { x, y } = line.middle;
  const [at, by] = isUpright(line)
    ? [`${x + GAP}px, ${y}px`, "0, -50%"]
    : [`${x}px, ${y - 18}px`, "-50%, -50%"];
  return (
    <span
      style={{ transform: `translate(${at}) translate(${by})` }}
      className="pointer-events-none absolute top-0 left-0 whitespace-nowrap rounded-full bg-warn-soft px-2.75 text-[11px] text-warn leading-5"
    >
      {text}
    </span>
  );
}

/** Beside a line that runs down, above one that runs across. */
export const isUpright = ({ a, b }: Line): boolean => Math.abs(b.y - a.y) > Math.abs(b.x - a.x);
