/* Lays drawings out beside the page, so that nothing stands still meanwhile. */
import type { TopologyGraph } from "@/ipc";
import { layoutGraph } from "./layout";

self.onmessage = ({ data }: MessageEvent<{ id: number; graph: TopologyGraph }>) => {
  try {
    self.postMessage({ id: data.id, positions: layoutGraph(data.graph) });
  } catch (thrown) {
    self.postMessage({ id: data.id, error: thrown instanceof Error ? thrown.message : String(thrown) });
  }
};
