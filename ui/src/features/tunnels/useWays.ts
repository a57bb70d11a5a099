import { useEffect, useState } from "react";
import { type TunnelWay, tunnelWays } from "@/ipc";

/** The hosts a tunnel can go through, asked for once; null until they are known. What cannot be told now is
    said when a line or a form is read. */
export function useWays(): readonly TunnelWay[] | null {
  const [ways, setWays] = useState<readonly TunnelWay[] | null>(null);
  useEffect(() => {
    let isGone = false;
    tunnelWays().then(
      (found) => !isGone && setWays(found),
      () => !isGone && setWays([]),
    );
    return () => {
      isGone = true;
    };
  }, []);
  return ways;
}
