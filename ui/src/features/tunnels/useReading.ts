import { useEffect, useState } from "react";
import { type AppError, type TunnelReading, toFailure, tunnelRead } from "@/ipc";

/** Nobody reads while they type faster than this. */
const TYPING_MS = 120;

interface Reading {
  reading: TunnelReading | null;
  /** Why the line could not be read at all. */
  failure: AppError | null;
  /** It is about the line as it stands now. */
  isCurrent: boolean;
}

const NOTHING = { line: "", reading: null, failure: null };

/** What the core understands of a typed line; the last answer stays until there is a newer one. */
export function useReading(line: string): Reading {
  const [read, setRead] = useState<Omit<Reading, "isCurrent"> & { line: string }>(NOTHING);
  useEffect(() => {
    if (line === "") return;
    let isGone = false;
    const timer = setTimeout(
      () =>
        tunnelRead({ line }).then(
          (reading) => !isGone && setRead({ line, reading, failure: null }),
          (thrown) => !isGone && setRead({ line, reading: null, failure: toFailure(thrown) }),
        ),
      TYPING_MS,
    );
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [line]);
  if (line === "") return { ...NOTHING, isCurrent: true };
  return { reading: read.reading, failure: read.failure, isCurrent: read.line === line };
}
