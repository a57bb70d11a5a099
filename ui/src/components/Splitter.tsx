import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { cx } from "./cx";

const LEAST = 0.15;
const STEP = 0.05;

const within = (share: number): number => Math.min(1 - LEAST, Math.max(LEAST, share));

interface SplitterProps {
  /** Vertical between what stands side by side, horizontal between what stands above each other. */
  orientation: "vertical" | "horizontal";
  label: string;
  /** What the first part has of the element around both. */
  share: number;
  onShare: (share: number) => void;
  className?: string;
}

/** Between two parts: dragged, or moved with the arrow keys. */
export function Splitter({ orientation, label, share, onShare, className }: SplitterProps) {
  const isDragging = useRef(false);
  const isVertical = orientation === "vertical";
  const onPointerDown = (event: PointerEvent) => {
    isDragging.current = true;
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    if (!isDragging.current || !box || box.width === 0 || box.height === 0) return;
    onShare(
      within(isVertical ? (event.clientX - box.left) / box.width : (event.clientY - box.top) / box.height),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const [less, more] = isVertical ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
    const step = event.key === more ? STEP : event.key === less ? -STEP : 0;
    if (step === 0) return;
    event.preventDefault();
    onShare(within(share + step));
  };
  return (
    <div
      role="separator"
      aria-orientation={orientation}
      aria-label={label}
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={LEAST * 100}
      aria-valuemax={100 - LEAST * 100}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        isDragging.current = false;
      }}
      onKeyDown={onKeyDown}
      className={cx(
        "eased relative bg-line before:absolute hover:bg-accent focus-visible:bg-accent",
        isVertical
          ? "cursor-col-resize before:inset-y-0 before:-inset-x-1"
          : "cursor-row-resize before:inset-x-0 before:-inset-y-1",
        className,
      )}
    />
  );
}
