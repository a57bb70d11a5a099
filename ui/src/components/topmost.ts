/* Which of several open layers answers to Escape and to a press outside: only the one on top. */
import { useEffect, useRef } from "react";

const layers: object[] = [];

/** Counts the caller as an open layer while it is mounted; tells whether it is the one on top. */
export function useTopmost(): () => boolean {
  const layer = useRef({});
  useEffect(() => {
    const own = layer.current;
    layers.push(own);
    return () => {
      layers.splice(layers.indexOf(own), 1);
    };
  }, []);
  return () => layers.at(-1) === layer.current;
}
