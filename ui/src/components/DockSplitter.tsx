import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { messages } from "@/messages";

const LEAST = 0.15;
const STEP = 0.05;

const within = (share: number): number => Math.min(1 - LEAST, Math.max(LEAST, share));

/** Between the two sides of the dock: dragged, or moved with the arrow keys. */
export function DockSplitter({ share, onShare }: { share: number; onShare: (share: number) => void }) {
  const isDragging = useRef(false);
  const onPointerDown = (event: PointerEvent) => {
    isDragging.current = true;
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    if (isDragging.current && box && box.width > 0) onShare(within((event.clientX - box.left) / box.width));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? STEP : event.key === "ArrowLeft" ? -STEP : 0;
    if (step === 0) return;
    event.preventDefault();
    onShare(within(share + step));
  };
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={messages.dock.resizeSides}
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
      className="eased relative col-start-2 row-span-2 row-start-1 cursor-col-resize bg-line before:absolute before:inset-y-0 before:-inset-x-1 hover:bg-accent focus-visible:bg-accent"
    />
  );
}
