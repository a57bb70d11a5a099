/* The one way to the core: calls, events and byte streams, whichever host carries them.
   How the bytes travel is in tauri.ts, web-socket.ts and mock/; nothing else may import those. */
import { AckBatch } from "./acks";
import type { CoreListener, EndListener, LinkState, Stream, StreamOptions, Wire } from "./contract";
import { IpcError, toFailure } from "./errors";
import type { Failure } from "./generated/types";

interface OpenStream {
  onChunk: (payload: Uint8Array) => void;
  onEnd: (error: Failure | null) => void;
  acks: AckBatch;
  manualAck: boolean;
}

let wire: Wire | null = null;
let nextStream = 1;
let link: LinkState = "connecting";
const streams = new Map<number, OpenStream>();
const coreListeners = new Set<CoreListener>();
const linkListeners = new Set<(state: LinkState) => void>();

/** Attaches the page to the core; called once at start, and by tests with a wire of their own. */
export function attach(next: Wire): void {
  wire = next;
  streams.clear();
  next.listen({
    event(event) {
      if (event.type === "core") for (const listener of coreListeners) listener(event);
      else endStream(event);
    },
    chunk: receive,
    link(state) {
      link = state;
      if (state === "lost") endAllStreams();
      for (const listener of linkListeners) listener(state);
    },
  });
}

/** Calls a command. Throws `IpcError`. The typed form of every command is in generated/commands. */
export async function call<T>(name: string, args: object): Promise<T> {
  if (!wire) throw new Error("the page is not attached to the core");
  try {
    return (await wire.call(name, args)) as T;
  } catch (thrown) {
    throw new IpcError(toFailure(thrown));
  }
}

/** Hears every change of state; returns how to stop. */
export function onEvent(listener: CoreListener): () => void {
  coreListeners.add(listener);
  return () => coreListeners.delete(listener);
}

/** Hears whether the core is reachable, at once and at each change. */
export function onLink(listener: (state: LinkState) => void): () => void {
  linkListeners.add(listener);
  listener(link);
  return () => linkListeners.delete(listener);
}

/**
 * Makes the near end of a stream. Pass its `id` to a command that fills it (`log_open`, ...).
 * After `onEnd` nothing more arrives. Chunks are acknowledged when `onChunk` returns, unless
 * `manualAck` is set.
 */
export function openStream(
  onChunk: (payload: Uint8Array) => void,
  onEnd: (error: Failure | null) => void,
  options: StreamOptions = {},
): Stream {
  const id = nextStream++;
  const acks = new AckBatch((bytes) => void quietly("stream_ack", { stream: id, bytes }));
  streams.set(id, { onChunk, onEnd, acks, manualAck: options.manualAck ?? false });
  return {
    id,
    ack: (bytes) => {
      if (streams.has(id)) acks.add(bytes);
    },
    close: () => {
      if (!streams.delete(id)) return;
      acks.stop();
      void quietly("stream_close", { stream: id });
    },
  };
}

function receive(id: number, payload: Uint8Array): void {
  const stream = streams.get(id);
  if (!stream) return;
  stream.onChunk(payload);
  if (!stream.manualAck) stream.acks.add(payload.byteLength);
}

const endStream: EndListener = ({ stream: id, error }) => {
  const stream = streams.get(id);
  if (!stream) return;
  streams.delete(id);
  stream.acks.stop();
  stream.onEnd(error);
};

function endAllStreams(): void {
  for (const id of [...streams.keys()]) endStream({ stream: id, error: LINK_LOST });
}

const LINK_LOST: Failure = {
  code: "unreachable",
  message: "This page lost its link to Moorline.",
  hint: null,
  field: null,
  detail: null,
};

/** For messages whose loss does no harm: the stream they speak of has then ended anyway. */
async function quietly(name: string, args: object): Promise<void> {
  try {
    await wire?.call(name, args);
  } catch {
    // The stream is gone on the other side too.
  }
}
