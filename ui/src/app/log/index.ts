/* Logs between the core and the screen: following, and saving. */
export { LogFeed, type LogOpener } from "./feed";
export { saveLog } from "./save";
export { useLog } from "./useLog";
