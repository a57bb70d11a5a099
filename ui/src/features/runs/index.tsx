/* Runs: everything that was done on a server, step by step. */
export { RunDetailPage } from "./RunDetailPage";
export { RunList } from "./RunList";
export { RunsPage } from "./RunsPage";
