/* Terminals of workspaces, in the dock. */
export { openTerminal, showTerminal } from "./open";
export { followTerminals } from "./panels";
export { likelySize } from "./sessions";
