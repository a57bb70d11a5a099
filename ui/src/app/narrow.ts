import { useSyncExternalStore } from "react";

/** The width below which the side bar shows only icons; the `narrow` variant of the styles is the same. */
const narrow = window.matchMedia("(width < 1000px)");

/** Whether the window is narrow. */
export const useNarrow = (): boolean =>
  useSyncExternalStore(
    (changed) => {
      narrow.addEventListener("change", changed);
      return () => narrow.removeEventListener("change", changed);
    },
    () => narrow.matches,
  );
