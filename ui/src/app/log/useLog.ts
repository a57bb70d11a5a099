import { useCallback, useEffect, useState } from "react";
import { LogFeed, type LogOpener } from "./feed";

/** Follows a log while the component is mounted. `open` must keep its identity; `again` starts anew. */
export function useLog(open: LogOpener): { feed: LogFeed; again: () => void } {
  const [held, setHeld] = useState(() => ({ open, feed: new LogFeed() }));
  if (held.open !== open) setHeld({ open, feed: new LogFeed() });
  useEffect(() => held.feed.follow(held.open), [held]);
  return { feed: held.feed, again: useCallback(() => setHeld({ open, feed: new LogFeed() }), [open]) };
}
