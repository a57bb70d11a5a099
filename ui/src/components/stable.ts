import { useCallback, useLayoutEffect, useRef } from "react";

/** The same function at every drawing, which does what the newest one would: for parts that are drawn again
    only when what they are given changes. Not to be called while drawing. */
export function useStable<Args extends unknown[]>(work: (...args: Args) => void): (...args: Args) => void {
  const newest = useRef(work);
  useLayoutEffect(() => {
    newest.current = work;
  });
  return useCallback((...args: Args) => newest.current(...args), []);
}
