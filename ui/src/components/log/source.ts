import type { Failure } from "@/ipc";
import type { LogBuffer } from "./buffer";

/** How far a log has come. */
export type LogState =
  | { readonly at: "opening" }
  | { readonly at: "following" }
  | { readonly at: "ended" }
  | { readonly at: "failed"; readonly failure: Failure };

/** A log as the pane shows it, whoever fills it. */
export interface LogSource {
  readonly buffer: LogBuffer;
  readonly state: LogState;
  /** A number that changes with every batch of lines and every change of state. */
  readonly version: () => number;
  readonly subscribe: (listener: () => void) => () => void;
}
