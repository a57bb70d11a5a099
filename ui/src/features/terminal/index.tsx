/* Terminals of workspaces, in the dock and on their pages. */
export { openTerminal } from "./open";
export { followTerminals } from "./panels";
export { TerminalView } from "./TerminalView";
