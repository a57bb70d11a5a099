import { useEffect, useState } from "react";
import { type TunnelReading, tunnelRead } from "@/ipc";

/** Nobody reads while they type faster than this. */
const TYPING_MS = 120;

/** What the core understands of a typed line; the last answer stays until there is a newer one. */
export function useReading(line: string): { reading: TunnelReading | null; isCurrent: boolean } {
  const [read, setRead] = useState<{ line: string; reading: TunnelReading } | null>(null);
  useEffect(() => {
    if (line === "") return;
    let isGone = false;
    const timer = setTimeout(
      () =>
        tunnelRead({ line }).then(
          (reading) => !isGone && setRead({ line, reading }),
          // Creating asks again, and shows what it fails with.
          () => {},
        ),
      TYPING_MS,
    );
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [line]);
  if (line === "") return { reading: null, isCurrent: true };
  return { reading: read?.reading ?? null, isCurrent: read?.line === line };
}
