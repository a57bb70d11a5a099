import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import { type Colours, pageColours } from "./colours";
import { onLookChange, type Picture, paint } from "./paint";
import type { Viewport } from "./viewport";

/** Keeps what is painted as it should be: at once after a change, once a frame while the drawing moves. */
export function usePainted(
  canvas: RefObject<HTMLCanvasElement | null>,
  view: Viewport,
  picture: Picture,
): void {
  const newest = useRef(picture);
  newest.current = picture;
  const colours = useRef<Colours | null>(null);
  const draw = useRef(() => {});
  draw.current = () => {
    colours.current ??= pageColours();
    if (canvas.current) paint(canvas.current, view.current(), newest.current, colours.current);
  };
  const { onMove } = view;
  useEffect(() => {
    let frame = 0;
    const soon = () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        draw.current();
      });
    };
    const stops = [
      onMove(soon),
      onLookChange(() => {
        colours.current = null;
        soon();
      }),
    ];
    return () => {
      cancelAnimationFrame(frame);
      for (const stop of stops) stop();
    };
  }, [onMove]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is painted has changed
  useLayoutEffect(() => draw.current(), [picture]);
}
