/* The volumes of one server: asked for when it is shown, when asked again, and when a run there ends. */
import { useEffect, useState } from "react";
import { useCore } from "@/app/store";
import { type AppError, type ConnectionId, toFailure, type VolumeInfo, volumesList } from "@/ipc";

export interface VolumesState {
  volumes: VolumeInfo[] | null;
  failure: AppError | null;
  again: () => void;
}

export function useVolumes(id: ConnectionId): VolumesState {
  const [answer, setAnswer] = useState<{ of: string; volumes?: VolumeInfo[]; failure?: AppError } | null>(
    null,
  );
  const [attempt, setAttempt] = useState(0);
  // Making, rebuilding, removing and carrying all change volumes: what ended since counts.
  const ended = useCore(
    (state) =>
      Object.values(state.runs).filter(
        ({ status, subject }) => status !== "running" && subject.connection_id === id,
      ).length,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt and every ended run ask again
  useEffect(() => {
    let isGone = false;
    volumesList({ connection_id: id }).then(
      (volumes) => !isGone && setAnswer({ of: id, volumes }),
      (thrown: unknown) => !isGone && setAnswer({ of: id, failure: toFailure(thrown) }),
    );
    return () => {
      isGone = true;
    };
  }, [id, attempt, ended]);
  const current = answer?.of === id ? answer : null;
  return {
    volumes: current?.volumes ?? null,
    failure: current?.failure ?? null,
    again: () => setAttempt((count) => count + 1),
  };
}
