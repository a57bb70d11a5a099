import type { Density } from "@/ipc";
import { useCore } from "./store";

/** Pixels; `--row` in the styles is the same. */
const ROW_PX: Record<Density, number> = { comfortable: 42, compact: 34 };

/** The height of a row of a list, for lists that place their rows themselves. */
export const useRowHeight = (): number =>
  useCore((state) => ROW_PX[state.settings?.density ?? "comfortable"]);
