/* Pan and zoom of a drawing. Moves the drawing itself, without drawing it again. */
import { type PointerEvent, type RefObject, useCallback, useLayoutEffect, useMemo, useRef } from "react";
import type { Position } from "@/ipc";
import type { Positions } from "./layout";
import type { Spot } from "./lines";

export interface Bounds {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** What holds everything that is drawn; null for nothing. */
export function boundsOf(spots: ReadonlyMap<string, Spot>, places: Positions): Bounds | null {
  const boxes = [...spots.values()].flatMap(({ id, width, height }) => {
    const at = places[id];
    return at
      ? [
          {
            left: at.x - width / 2,
            right: at.x + width / 2,
            top: at.y - height / 2,
            bottom: at.y + height / 2,
          },
        ]
      : [];
  });
  if (boxes.length === 0) return null;
  return {
    left: Math.min(...boxes.map(({ left }) => left)),
    right: Math.max(...boxes.map(({ right }) => right)),
    top: Math.min(...boxes.map(({ top }) => top)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
  };
}

/** Where the drawing's origin is in its frame, and how much it is enlarged. */
export interface View extends Position {
  k: number;
  /** Too small for the names of interfaces. */
  isFar: boolean;
}

export interface Viewport {
  current: () => View;
  /** Calls back after every move; returns how to stop. */
  onMove: (callback: () => void) => () => void;
  zoom: (factor: number) => void;
  fit: () => void;
  /** Of a pointer, in points of the drawing. */
  toDrawing: (event: { clientX: number; clientY: number }) => Position;
  /** In pixels from the corner of the drawing's frame. */
  toFrame: (point: Position) => Position;
  /** Moves it so far that the point can be seen. */
  reveal: (point: Position) => void;
  onPointerDown: (event: PointerEvent<HTMLElement>) => void;
}

const LEAST = 0.08;
const MOST = 2.5;
const PADDING = 40;
/** Names of interfaces would be too small to read below this. */
const FAR = 0.6;
const WHEEL_NOTCH = 40;

export function useViewport(
  frame: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  bounds: Bounds | null,
  /** Stays in view when the frame gets smaller. */
  kept: Position | null,
): Viewport {
  const view = useRef({ x: 0, y: 0, k: 1 });
  const isMoved = useRef(false);
  const watchers = useRef(new Set<() => void>());
  const newest = useRef(bounds);
  newest.current = bounds;
  const newestKept = useRef(kept);
  newestKept.current = kept;

  const apply = useCallback(() => {
    const { x, y, k } = view.current;
    content.current?.style.setProperty("transform", `translate(${x}px, ${y}px) scale(${k})`);
    frame.current?.toggleAttribute("data-far", k < FAR);
    frame.current?.style.setProperty("background-position", `${x}px ${y}px`);
    for (const watcher of watchers.current) watcher();
  }, [frame, content]);

  const api = useMemo(() => {
    const size = () => frame.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 800, 600);
    const zoomAt = (factor: number, at: Position) => {
      const { x, y, k } = view.current;
      const next = Math.min(MOST, Math.max(LEAST, k * factor));
      view.current = { k: next, x: at.x - ((at.x - x) / k) * next, y: at.y - ((at.y - y) / k) * next };
      isMoved.current = true;
      apply();
    };
    const fit = () => {
      const box = newest.current;
      const { width, height } = size();
      if (!box || width === 0 || height === 0) return;
      const around = 2 * Math.min(PADDING, height * 0.06);
      const [w, h] = [box.right - box.left + around, box.bottom - box.top + around];
      const k = Math.max(LEAST, Math.min(1, width / w, height / h));
      view.current = {
        k,
        x: width / 2 - ((box.left + box.right) / 2) * k,
        y: height / 2 - ((box.top + box.bottom) / 2) * k,
      };
      isMoved.current = false;
      apply();
    };
    const toFrame = (point: Position) => {
      const { x, y, k } = view.current;
      return { x: point.x * k + x, y: point.y * k + y };
    };
    return {
      current: () => ({ ...view.current, isFar: view.current.k < FAR }),
      onMove: (callback: () => void) => {
        watchers.current.add(callback);
        return () => watchers.current.delete(callback);
      },
      zoomAt,
      fit,
      toFrame,
      zoom: (factor: number) => zoomAt(factor, { x: size().width / 2, y: size().height / 2 }),
      pan: (dx: number, dy: number) => {
        view.current = { ...view.current, x: view.current.x + dx, y: view.current.y + dy };
        isMoved.current = true;
        apply();
      },
      toDrawing: ({ clientX, clientY }: { clientX: number; clientY: number }) => {
        const { left, top } = size();
        const { x, y, k } = view.current;
        return { x: (clientX - left - x) / k, y: (clientY - top - y) / k };
      },
      reveal: (point: Position) => {
        const { width, height } = size();
        const at = toFrame(point);
        const dx = Math.max(0, PADDING * 2 - at.x) - Math.max(0, at.x - width + PADDING * 2);
        const dy = Math.max(0, PADDING - at.y) - Math.max(0, at.y - height + PADDING);
        if (dx === 0 && dy === 0) return;
        view.current = { ...view.current, x: view.current.x + dx, y: view.current.y + dy };
        apply();
      },
    };
  }, [frame, apply]);

  const hasBounds = bounds !== null;
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element || !hasBounds) return;
    api.fit();
    const resized = new ResizeObserver(() => {
      if (!isMoved.current) return api.fit();
      apply();
      if (newestKept.current) api.reveal(newestKept.current);
    });
    resized.observe(element);
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      const isNotch = event.deltaX === 0 && Math.abs(event.deltaY) >= WHEEL_NOTCH;
      if (!event.ctrlKey && !event.metaKey && !isNotch) return api.pan(-event.deltaX, -event.deltaY);
      const speed = isNotch ? 0.0018 : 0.01;
      api.zoomAt(Math.exp(-event.deltaY * speed), { x: event.clientX - left, y: event.clientY - top });
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => {
      resized.disconnect();
      element.removeEventListener("wheel", onWheel);
    };
  }, [frame, api, apply, hasBounds]);

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    const element = event.currentTarget;
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    const onMove = (move: globalThis.PointerEvent) => api.pan(move.movementX, move.movementY);
    const onUp = () => {
      element.removeEventListener("pointermove", onMove);
      element.removeEventListener("pointerup", onUp);
      element.removeEventListener("pointercancel", onUp);
    };
    element.addEventListener("pointermove", onMove);
    element.addEventListener("pointerup", onUp);
    element.addEventListener("pointercancel", onUp);
  };
  return { ...api, onPointerDown };
}
