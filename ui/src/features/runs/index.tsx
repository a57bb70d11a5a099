/* Runs: everything that was done on a server, step by step. */
export { RunDetailPage, RunPanel } from "./RunDetailPage";
export { LabRuns, RunList } from "./RunList";
export { RunsPage } from "./RunsPage";
