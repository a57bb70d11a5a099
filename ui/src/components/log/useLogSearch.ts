import { useEffect, useMemo, useReducer, useState } from "react";
import { LogSearch, searchPattern } from "./search";
import type { LogSource } from "./source";

/** Time for looking at lines before the page gets its turn. */
const SLICE_MS = 8;

export interface LogSearchState {
  /** What to mark in the lines; none while nothing is looked for. */
  readonly pattern: RegExp | null;
  readonly count: number;
  readonly isDone: boolean;
  /** The line of the match that is shown, and its position among all, from 1. */
  readonly line: number | null;
  readonly position: number;
  readonly step: (by: 1 | -1) => void;
}

/** Searches a log as it grows, and steps through what was found. `show` brings a line into view. */
export function useLogSearch(
  source: LogSource,
  query: string,
  from: () => number,
  show: (line: number) => void,
): LogSearchState {
  const search = useMemo(() => new LogSearch(source.buffer, query), [source, query]);
  const pattern = useMemo(() => searchPattern(query), [query]);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const [found, setFound] = useState<{ search: LogSearch; line: number } | null>(null);
  const current = found?.search === search ? found.line : null;

  const go = (position: number | undefined) => {
    const line = position === undefined ? undefined : search.lineAt(position);
    if (line === undefined) return;
    setFound({ search, line });
    show(line);
  };

  // Runs after every drawing: lines that came meanwhile are looked at next.
  useEffect(() => {
    if (search.isDone) return;
    const timer = setTimeout(() => {
      const until = performance.now() + SLICE_MS;
      search.advance(() => performance.now() > until);
      if (current === null) go(search.positionFrom(from()));
      redraw();
    });
    return () => clearTimeout(timer);
  });

  const at = current === null ? undefined : search.positionFrom(current);
  return {
    pattern,
    count: search.count,
    isDone: search.isDone,
    line: current,
    position: at === undefined ? 0 : at + 1,
    step: (by) => {
      if (search.count > 0) go(((at ?? 0) + by + search.count) % search.count);
    },
  };
}
