import { useEffect, useState } from "react";
import type { TopologyGraph } from "@/ipc";
import { layoutGraph, type Positions } from "./layout";

interface Answer {
  id: number;
  positions?: Positions;
  error?: string;
}

let worker: Worker | null = null;
let newest = 0;

/** Asks the worker; where there is none, the page does it itself. */
function ask(graph: TopologyGraph, done: (answer: Answer) => void): () => void {
  const id = ++newest;
  if (typeof Worker === "undefined") {
    done({ id, positions: layoutGraph(graph) });
    return () => {};
  }
  worker ??= new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
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
  const [layout, setLayout] = useState<Layout>({ positions: null, error: null });
  // The same topology comes anew with every answer of the server.
  const shape = JSON.stringify([graph.nodes, graph.links]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the graph
  useEffect(
    () =>
      ask(graph, ({ positions, error }) =>
        setLayout((before) => ({ positions: positions ?? before.positions, error: error ?? null })),
      ),
    [shape],
  );
  return layout;
}
