/* What a prune would remove now. The server answers for every choice, because what is freed depends on
   what stays, and an image that another one stands on stays with it. */
import { useEffect, useState } from "react";
import {
  type AppError,
  type ConnectionId,
  type Image,
  type ImageId,
  imagesPruneList,
  type PruneList,
  type PruneScope,
  toFailure,
} from "@/ipc";

interface Answer {
  asked: string;
  list: PruneList | null;
  failure: AppError | null;
}

export function usePruneList(connectionId: ConnectionId | null, scope: PruneScope, kept: readonly ImageId[]) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [attempt, setAttempt] = useState(0);
  /** Everything that could go, with what is kept. */
  const [whole, setWhole] = useState<{ of: string; images: Image[] } | null>(null);
  const of = JSON.stringify([connectionId, scope]);
  const wanted = JSON.stringify([of, kept, attempt]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `wanted` stands for all that is asked
  useEffect(() => {
    if (connectionId === null) return;
    let isGone = false;
    imagesPruneList({ connection_id: connectionId, scope, kept: [...kept] }).then(
      (list) => {
        if (isGone) return;
        setAnswer({ asked: wanted, list, failure: null });
        if (kept.length === 0) setWhole({ of, images: list.images });
      },
      (thrown: unknown) => !isGone && setAnswer({ asked: wanted, list: null, failure: toFailure(thrown) }),
    );
    return () => {
      isGone = true;
    };
  }, [wanted]);

  const isCurrent = answer?.asked === wanted;
  const all = whole?.of === of ? whole.images : [];
  return {
    all,
    list: whole?.of === of ? (answer?.list ?? null) : null,
    failure: isCurrent ? answer.failure : null,
    isCurrent,
    again: () => setAttempt((count) => count + 1),
  };
}
