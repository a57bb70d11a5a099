import { useEffect } from "react";
import { handleShortcut, registerActions } from "@/app/actions";
import { provideConnectionActions } from "@/app/connection-actions";
import { registerPalette } from "@/app/palette";
import { watchRuns } from "@/app/run-notices";
import { useCore } from "@/app/store";
import { applyColorScheme, applyDensity } from "@/app/theme";
import { showToast } from "@/app/toasts";
import { provideWorkspaceActions } from "@/app/workspace-actions";
import { restoreLogs } from "@/features/logs";
import { loadEditors } from "@/features/open-in";
import { watchUpdates } from "@/features/settings";
import { followTerminals } from "@/features/terminal";
import { windowReady } from "@/ipc";
import { switchLanguage } from "@/messages";
import { connectionActions } from "./connection-actions";
import { globalActions } from "./global-actions";
import { readAhead } from "./later";
import { connectionItems, labItems, runItems, tunnelItems, workspaceItems } from "./palette-sources";
import { workspaceActions } from "./workspace-actions";

/** Everything that runs as long as the window does. */
export function useShell(): void {
  const scheme = useCore((state) => state.settings?.color_scheme ?? "system");
  const notice = useCore((state) => state.info?.storage_notice);
  const density = useCore((state) => state.settings?.density ?? "comfortable");
  const language = useCore((state) => state.settings?.language);
  useEffect(() => applyColorScheme(scheme), [scheme]);
  useEffect(() => applyDensity(density), [density]);
  useEffect(() => {
    if (language !== undefined) switchLanguage(language);
  }, [language]);
  const isReady = useCore((state) => state.loading.at === "ready");
  useEffect(() => (isReady ? afterDrawing(sayReady) : undefined), [isReady]);
  useEffect(() => {
    if (notice) showToast({ id: "storage", tone: "err", text: notice });
  }, [notice]);
  useEffect(() => {
    provideWorkspaceActions(workspaceActions);
    void loadEditors();
    provideConnectionActions(connectionActions);
    const stops = [
      followTerminals(),
      restoreLogs(),
      watchUpdates(),
      watchRuns(),
      registerActions(...globalActions),
      registerPalette(workspaceItems, labItems, connectionItems, tunnelItems, runItems),
    ];
    window.addEventListener("keydown", handleShortcut);
    return () => {
      window.removeEventListener("keydown", handleShortcut);
      for (const stop of stops) stop();
    };
  }, []);
}

/** Runs it once what was just committed is on the screen; returns how to call it off. */
function afterDrawing(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(run, 0);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

function sayReady(): void {
  // That the log does not get its line is no reason to disturb anybody.
  windowReady().catch(() => {});
  readAhead();
}
