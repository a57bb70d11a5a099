import type { ClientEvent, CoreEvent, StreamEnd } from "./generated/types";

/** Whether the core hears this page. */
export type LinkState = "connecting" | "open" | "lost";

/** What one host (desktop window, browser, mock) has to bring. */
export interface Wire {
  call(name: string, args: object): Promise<unknown>;
  /** Called once, before the first call. */
  listen(handlers: WireHandlers): void;
}

export interface WireHandlers {
  event(event: ClientEvent): void;
  chunk(stream: number, payload: Uint8Array): void;
  link(state: LinkState): void;
}

/** One open stream of bytes from the core. */
export interface Stream {
  readonly id: number;
  /** Says that so many bytes were consumed; unneeded unless `manualAck` was asked for. */
  ack(bytes: number): void;
  close(): void;
}

export interface StreamOptions {
  /** The consumer calls `ack` itself, once it has truly drawn the bytes (terminals). */
  manualAck?: boolean;
}

export type CoreListener = (event: CoreEvent) => void;
export type EndListener = (end: StreamEnd) => void;
