import { closePanel, showPanel } from "@/app/dock";
import { showFailure } from "@/app/toasts";
import { type TerminalId, type TerminalView, terminalOpen, toFailure, type WorkspaceRef } from "@/ipc";
import { likelySize, rememberOpened } from "./sessions";

/** The dock's panel of a terminal. */
export const panelId = (id: TerminalId): string => `terminal:${id}`;

/** Opens a new terminal in the workspace and shows it in the dock. */
export function openTerminal(workspace: WorkspaceRef): void {
  void open(workspace);
}

/** Tells whether it worked. */
async function open(workspace: WorkspaceRef): Promise<boolean> {
  try {
    showTerminal(await terminalOpen({ workspace, size: likelySize() }));
    return true;
  } catch (thrown) {
    showFailure(toFailure(thrown));
    return false;
  }
}

/** Shows a terminal that was just opened in the dock. */
export function showTerminal(terminal: TerminalView): void {
  rememberOpened(terminal.id);
  showPanel(panelId(terminal.id));
}

/** Opens another terminal in the workspace of an ended one, which is taken away once the new one is there. */
export async function openAgain(terminal: TerminalView): Promise<void> {
  if (await open(terminal.workspace)) closeTerminal(terminal.id);
}

/** Closes the terminal's panel, which ends it if it still runs. */
export const closeTerminal = (id: TerminalId): void => closePanel(panelId(id));
