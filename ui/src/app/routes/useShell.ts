import { useEffect } from "react";
import { handleShortcut, registerActions } from "@/app/actions";
import { openDialog } from "@/app/dialogs";
import { setDockOpen, useDock } from "@/app/dock";
import { goTo, paths } from "@/app/navigation";
import { watchRuns } from "@/app/run-notices";
import { PAGES } from "@/app/shell/pages";
import { useCore } from "@/app/store";
import { startSync } from "@/app/sync";
import { applyColorScheme } from "@/app/theme";
import { showFailure, showToast } from "@/app/toasts";
import { provideWorkspaceActions } from "@/app/workspace-actions";
import { followTerminals, openTerminal } from "@/features/terminal";
import type { NavigateTarget } from "@/ipc";
import { messages } from "@/messages";
import { workspaceActions } from "./workspace-actions";

/** Everything that runs as long as the window does. */
export function useShell(): void {
  const scheme = useCore((state) => state.settings?.color_scheme ?? "system");
  const notice = useCore((state) => state.info?.storage_notice);
  useEffect(() => applyColorScheme(scheme), [scheme]);
  useEffect(() => {
    if (notice) showToast({ id: "storage", tone: "err", text: notice });
  }, [notice]);
  useEffect(() => {
    provideWorkspaceActions(workspaceActions);
    const stops = [startSync(follow), followTerminals(), watchRuns(), registerActions(...globalActions)];
    window.addEventListener("keydown", handleShortcut);
    return () => {
      window.removeEventListener("keydown", handleShortcut);
      for (const stop of stops) stop();
    };
  }, []);
}

/** Goes where the tray, or a second start of the app, points. */
function follow(target: NavigateTarget): void {
  switch (target.page) {
    case "workspaces":
      return goTo(paths.workspaces());
    case "settings":
      return goTo(paths.settings());
    case "workspace":
      return goTo(paths.workspace(target.workspace));
    case "terminal":
      return openTerminal(target.workspace);
    case "failure":
      return showFailure(target.failure);
  }
}

const titles = messages.shell;
const canCreate = () => useCore.getState().connections.some(({ abilities }) => abilities?.apply);

const globalActions = [
  {
    id: "workspaces.new",
    title: messages.workspaces.newOne,
    shortcut: "n",
    when: canCreate,
    run: () => openDialog({ dialog: "create-workspace" }),
  },
  {
    id: "connections.add",
    title: messages.connections.add,
    run: () => openDialog({ dialog: "add-connection" }),
  },
  ...PAGES.map(({ id, label, icon, shortcut, path }) => ({
    id: `go.${id}`,
    title: label,
    icon,
    shortcut,
    run: () => goTo(path),
  })),
  {
    id: "dock.toggle",
    title: messages.dock.toggle,
    shortcut: "Mod+`",
    when: () => useDock.getState().panels.length > 0,
    run: () => setDockOpen(!useDock.getState().isOpen),
  },
  {
    id: "shortcuts.show",
    title: titles.shortcuts.title,
    shortcut: "?",
    run: () => openDialog({ dialog: "shortcuts" }),
  },
];
