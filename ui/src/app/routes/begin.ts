/* What happens before anything is drawn: the store is fed, so that the first picture already shows data. */
import { useCore } from "@/app/store";
import { startSync } from "@/app/sync";
import { follow } from "./follow";

/** Longer than this nobody looks at an empty window: the page is drawn then, and says that it loads. */
const MOST_MS = 300;

/** Feeds the store from now on. Resolves once there is something to draw, or it takes too long. */
export function begin(): Promise<void> {
  startSync(follow);
  return new Promise((resolve) => {
    const done = () => {
      stop();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, MOST_MS);
    const stop = useCore.subscribe((state) => state.loading.at !== "loading" && done());
  });
}
