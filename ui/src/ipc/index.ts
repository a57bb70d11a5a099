/* What the rest of the interface may use of the transport. */
export type { LinkState, Stream, StreamOptions } from "./contract";
export { type AppError, IpcError, toFailure } from "./errors";
export * from "./generated/commands";
export type * from "./generated/types";
export { JsonLines } from "./lines";
export { startIpc } from "./start";
export { onEvent, onLink, openStream } from "./transport";
