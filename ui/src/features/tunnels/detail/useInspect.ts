import { useEffect, useRef, useState } from "react";
import { type AppError, type TunnelDetail, type TunnelView, toFailure, tunnelInspect } from "@/ipc";

/** Events of a busy tunnel come often; its past is asked for this seldom. */
const AT_MOST_EVERY_MS = 1000;

/** The past of a tunnel, asked for anew when something happened to it. Old data stays. */
export function useInspect(view: TunnelView) {
  const { id } = view.tunnel;
  const [detail, setDetail] = useState<TunnelDetail | null>(null);
  const [failure, setFailure] = useState<AppError | null>(null);
  const [attempts, setAttempts] = useState(0);
  const last = useRef(Number.NEGATIVE_INFINITY);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const isGone = useRef(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: view and attempts say when to ask again
  useEffect(() => {
    // What waits already asks for this change too.
    if (timer.current !== null) return;
    const ask = () => {
      timer.current = null;
      last.current = performance.now();
      tunnelInspect({ tunnel_id: id }).then(
        (next) => {
          if (isGone.current) return;
          setDetail(next);
          setFailure(null);
        },
        (thrown) => !isGone.current && setFailure(toFailure(thrown)),
      );
    };
    timer.current = setTimeout(ask, Math.max(0, last.current + AT_MOST_EVERY_MS - performance.now()));
  }, [id, view, attempts]);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    };
  }, []);
  return { detail, failure, retry: () => setAttempts((count) => count + 1) };
}
