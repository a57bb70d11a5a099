import type { TerminalId, WorkspaceRef } from "@/ipc";

/** Shows one open terminal and types into it. */
export function TerminalView({ terminalId }: { terminalId: TerminalId }) {
  return <div data-terminal={terminalId} />;
}

/** Opens a new terminal in the workspace and shows it in the dock. */
export function openTerminal(_workspace: WorkspaceRef): void {}
