/* A log on the screen: kept lines, search, colours, and the pane that draws them. */
export { LogBuffer, MAX_LINES } from "./buffer";
export { LogPane } from "./LogPane";
export type { LogSource, LogState } from "./source";
