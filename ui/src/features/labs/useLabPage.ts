import { useEffect, useState } from "react";
import { type AppError, type LabPage, type LabView, labInspect, toFailure } from "@/ipc";
import { prepareLayout } from "./graph/useLayout";

export interface PageData {
  page: LabPage | null;
  failure: AppError | null;
  again: () => void;
}

/** Everything about one lab; asked for anew when its row changes. Old data stays. */
export function useLabPage({ lab_ref, lab, stale_since, run_id }: LabView): PageData {
  const [page, setPage] = useState<LabPage | null>(null);
  const [failure, setFailure] = useState<AppError | null>(null);
  const [attempts, setAttempts] = useState(0);
  const { connection_id, lab_id } = lab_ref;
  const isStale = stale_since !== null;

  useEffect(prepareLayout, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the row and the attempts say when to ask again
  useEffect(() => {
    let isCurrent = true;
    labInspect({ lab: { connection_id, lab_id } }).then(
      (next) => {
        if (!isCurrent) return;
        setPage(next);
        setFailure(null);
      },
      (thrown) => isCurrent && setFailure(toFailure(thrown)),
    );
    return () => {
      isCurrent = false;
    };
  }, [connection_id, lab_id, lab, isStale, run_id, attempts]);

  return { page, failure, again: () => setAttempts((count) => count + 1) };
}
