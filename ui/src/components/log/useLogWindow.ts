// Which lines of a log are in view: scrolling, following the end, and staying in place while old lines
// are dropped or the wrapping changes. Heights are computed in layout.ts; drawing is LogPane's.

import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { LogLayout, type PlacedLine } from "./layout";
import type { LogSource } from "./source";

export const ROW_HEIGHT = 19;
/** Space above the first and below the last line. */
const PADDING = 8;
/** Browsers draw no taller boxes than about twice this; above it, scrolling is scaled. */
const MAX_HEIGHT = 16_000_000;
const OVERSCAN_ROWS = 12;

export interface LogWindowOptions {
  source: LogSource;
  version: number;
  /** Columns to wrap at; none for no wrapping. */
  columns: number | null;
  isFollowing: boolean;
  onFollowing: (isFollowing: boolean) => void;
}

export interface LogWindow {
  scroller: RefObject<HTMLElement | null>;
  onScroll: () => void;
  /** Height of everything, in pixels. */
  height: number;
  lines: readonly (PlacedLine & { top: number })[];
  topLine: () => number;
  show: (line: number) => void;
}

export function useLogWindow(options: LogWindowOptions): LogWindow {
  const { source, version, columns, isFollowing, onFollowing } = options;
  const layout = useMemo(() => new LogLayout(source.buffer, columns), [source, columns]);
  layout.update();
  const scroller = useRef<HTMLElement>(null);
  const [view, setView] = useState({ top: 0, height: 0 });
  const real = layout.total * ROW_HEIGHT + 2 * PADDING;
  const height = Math.min(real, MAX_HEIGHT);
  /** Real pixels for one pixel of the scroll bar. */
  const scale = height < real ? (real - view.height) / (height - view.height) : 1;
  const toRow = (top: number) => Math.floor((top * scale - PADDING) / ROW_HEIGHT);

  // While the end is followed it is known where the view will be: drawn right at once, not after scrolling.
  const top = isFollowing && view.height > 0 ? Math.max(0, height - view.height) : view.top;
  const from = toRow(top);
  const offset = top - top * scale + PADDING;
  const rows = Math.ceil(view.height / ROW_HEIGHT) + OVERSCAN_ROWS;
  const lines = layout
    .lines(from - OVERSCAN_ROWS, from + rows)
    .map((line) => ({ ...line, top: line.row * ROW_HEIGHT + offset }));

  const read = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop: top, clientHeight: height } = element;
    setView((old) => (old.top === top && old.height === height ? old : { top, height }));
  }, []);

  const lastTop = useRef(0);
  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop, clientHeight, scrollHeight } = element;
    const isAtEnd = scrollTop + clientHeight >= scrollHeight - 2;
    const isLeaving = !isAtEnd && scrollTop < lastTop.current - 1;
    if (isAtEnd) onFollowing(true);
    else if (isLeaving) onFollowing(false);
    lastTop.current = scrollTop;
    if (!isFollowing || isLeaving) read();
  };

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(read);
    observer.observe(element);
    read();
    return () => observer.disconnect();
  }, [read]);

  const showRow = (row: number) => {
    const element = scroller.current;
    if (!element) return;
    element.scrollTop = (row * ROW_HEIGHT) / scale;
    lastTop.current = element.scrollTop;
    read();
  };

  useFollowing({ scroller, layout, version, isFollowing, viewHeight: view.height, lastTop });
  useSteadyTop({ layout, isFollowing, topLine: layout.lineAt(Math.max(0, from)).number, showRow });

  return {
    scroller,
    onScroll,
    height,
    lines,
    topLine: () => layout.lineAt(Math.max(0, from)).number,
    show: (line) => {
      onFollowing(false);
      showRow(Math.max(0, layout.rowOf(line) - Math.floor(view.height / ROW_HEIGHT / 3)));
    },
  };
}

/** Keeps the newest line in view while following. */
function useFollowing({
  scroller,
  layout,
  version,
  isFollowing,
  viewHeight,
  lastTop,
}: {
  scroller: RefObject<HTMLElement | null>;
  layout: LogLayout;
  version: number;
  isFollowing: boolean;
  viewHeight: number;
  lastTop: RefObject<number>;
}): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines, layouts and sizes move the end
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!isFollowing || !element) return;
    element.scrollTop = element.scrollHeight;
    lastTop.current = element.scrollTop;
  }, [version, layout, isFollowing, viewHeight]);
}

/** Keeps the line at the top where it is when lines above it are dropped or wrap differently. */
function useSteadyTop({
  layout,
  isFollowing,
  topLine,
  showRow,
}: {
  layout: LogLayout;
  isFollowing: boolean;
  topLine: number;
  showRow: (row: number) => void;
}): void {
  const before = useRef({ layout, dropped: layout.dropped, topLine });
  useLayoutEffect(() => {
    const { layout: oldLayout, dropped, topLine: oldTop } = before.current;
    const isMoved = oldLayout !== layout || dropped !== layout.dropped;
    if (isMoved && !isFollowing) showRow(layout.rowOf(Math.max(oldTop, layout.lineAt(0).number)));
    before.current = { layout, dropped: layout.dropped, topLine: isMoved && !isFollowing ? oldTop : topLine };
  });
}
