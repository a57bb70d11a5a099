import { useState } from "react";
import { useCore } from "@/app/store";
import { showFailure } from "@/app/toasts";
import { type AppError, type Settings, settingsSet, toFailure } from "@/ipc";

/** How to change some settings; what the core refuses is at its field, or shown when it names none. */
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
        const failure = toFailure(thrown);
        if (failure.field === null) showFailure(failure);
        setProblem(failure);
        useCore.setState({ settings: before });
      },
    );
  };
  return { settings, change, problem };
}
