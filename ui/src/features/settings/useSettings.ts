import { useState } from "react";
import { useCore } from "@/app/store";
import { type AppError, type Settings, settingsSet, toFailure } from "@/ipc";

/** The settings, and how to change some of them; what the core refuses is in `problem`. */
export function useSettings() {
  const settings = useCore((state) => state.settings);
  const [problem, setProblem] = useState<AppError | null>(null);
  const change = (part: Partial<Settings>) => {
    const before = useCore.getState().settings;
    if (!before) return;
    const next = { ...before, ...part };
    useCore.setState({ settings: next });
    settingsSet(next).then(
      (kept) => {
        setProblem(null);
        useCore.setState({ settings: kept });
      },
      (thrown) => {
        setProblem(toFailure(thrown));
        useCore.setState({ settings: before });
      },
    );
  };
  return { settings, change, problem };
}
