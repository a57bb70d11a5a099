/* What workspaces use: charts, a card, and the small course of the CPU for lists. */
import { lazy, Suspense, useMemo } from "react";
import type { WorkspaceRef } from "@/ipc";
import { condensed, RECENT_MS, within } from "./series";
import { useSamples } from "./stream";

export { NowCard } from "./NowCard";

/** The charts' library is loaded with the first chart. */
const Charts = lazy(async () => ({ default: (await import("./MetricsView")).MetricsView }));

/** Charts of the last minutes, up to an hour. */
export function MetricsView({ workspace }: { workspace: WorkspaceRef }) {
  return (
    <Suspense fallback={null}>
      <Charts workspace={workspace} />
    </Suspense>
  );
}

/** Points of the drawing in a row. */
const POINTS = 42;

/** CPU percent of the last minutes, oldest first; empty while nothing is known. */
export function useCpuSparkline(workspace: WorkspaceRef): readonly number[] {
  const samples = useSamples(workspace);
  return useMemo(
    () =>
      condensed(
        within(samples, RECENT_MS).map((sample) => sample.cpu_percent),
        POINTS,
      ),
    [samples],
  );
}
