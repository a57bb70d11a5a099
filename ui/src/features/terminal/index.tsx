/* Terminals of workspaces, in the dock. */
export { openTerminal } from "./open";
export { followTerminals } from "./panels";
