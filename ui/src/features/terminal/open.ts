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

async function open(workspace: WorkspaceRef): Promise<void> {
  try {
    showTerminal(await terminalOpen({ workspace, size: likelySize() }));
  } catch (thrown) {
    showFailure(toFailure(thrown));
  }
}

/** Shows a terminal that was just opened in the dock. */
export function showTerminal(terminal: TerminalView): void {
  rememberOpened(terminal.id);
  showPanel(panelId(terminal.id));
}

/** Takes an ended terminal away and opens another in its workspace. */
export async function openAgain(terminal: TerminalView): Promise<void> {
  await open(terminal.workspace);
  closeTerminal(terminal.id);
}

/** Closes the terminal's panel, which ends it if it still runs. */
export const closeTerminal = (id: TerminalId): void => closePanel(panelId(id));
