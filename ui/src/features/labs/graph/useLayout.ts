import { useEffect, useMemo, useState } from "react";
import type { TopologyGraph } from "@/ipc";
import { layoutGraph, type Positions } from "./layout";

interface Answer {
  id: number;
  positions?: Positions;
  error?: string;
}

let worker: Worker | null = null;
let newest = 0;

/** Drawings laid out before, the newest last: going back to one shows it at once. */
const known = new Map<string, Positions>();
const MOST_KNOWN = 12;

function keep(shape: string, positions: Positions): void {
  known.delete(shape);
  known.set(shape, positions);
  for (const old of known.keys()) if (known.size > MOST_KNOWN) known.delete(old);
}

/** Gets the worker ready while the server is still asked for the topology. */
export function prepareLayout(): void {
  if (typeof Worker !== "undefined")
    worker ??= new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
}

/** Asks the worker; where there is none, the page does it itself. */
function ask(graph: TopologyGraph, done: (answer: Answer) => void): () => void {
  const id = ++newest;
  prepareLayout();
  if (!worker) {
    done({ id, positions: layoutGraph(graph) });
    return () => {};
  }
  const used = worker;
  const onMessage = ({ data }: MessageEvent<Answer>) => data.id === id && done(data);
  const onError = ({ message }: ErrorEvent) => done({ id, error: message });
  used.addEventListener("message", onMessage);
  used.addEventListener("error", onError);
  used.postMessage({ id, graph });
  return () => {
    used.removeEventListener("message", onMessage);
    used.removeEventListener("error", onError);
  };
}

export interface Layout {
  /** The newest there is; of the drawing before while the next is made. */
  positions: Positions | null;
  /** Why there is none. */
  error: string | null;
}

/** Where everything stands, laid out anew when nodes or links change. */
export function useLayout(graph: TopologyGraph): Layout {
  // The same topology comes anew with every answer of the server.
  const shape = useMemo(() => JSON.stringify([graph.nodes, graph.links]), [graph]);
  const [layout, setLayout] = useState<Layout>(() => ({ positions: known.get(shape) ?? null, error: null }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the graph
  useEffect(() => {
    const before = known.get(shape);
    if (before) {
      setLayout((now) => (now.positions === before ? now : { positions: before, error: null }));
      return;
    }
    return ask(graph, ({ positions, error }) => {
      if (positions) keep(shape, positions);
      setLayout((now) => ({ positions: positions ?? now.positions, error: error ?? null }));
    });
  }, [shape]);
  return layout;
}
