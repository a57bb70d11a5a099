/* The wire of a plain browser: one WebSocket on the page's own origin, reopened when it breaks. */
import type { Wire, WireHandlers } from "./contract";
import { linkLost } from "./errors";
import { readFrame } from "./frame";
import type { ClientEvent } from "./generated/types";

type Reply = { id: number; ok: unknown } | { id: number; err: unknown };
type Waiting = { resolve(value: unknown): void; reject(reason: unknown): void };

const RETRY_MS = [250, 500, 1000, 2000, 5000];

/** Opens sockets with `connect`, which tests replace. */
export function webSocketWire(connect: () => WebSocket = openOwnSocket): Wire {
  const waiting = new Map<number, Waiting>();
  const unsent: string[] = [];
  let socket: WebSocket | null = null;
  let nextId = 1;
  let attempt = 0;

  function open(handlers: WireHandlers): void {
    const current = connect();
    current.binaryType = "arraybuffer";
    socket = current;
    current.onopen = () => {
      attempt = 0;
      handlers.link("open");
      for (const text of unsent.splice(0)) current.send(text);
    };
    current.onmessage = ({ data }) => receive(data, handlers, waiting);
    current.onclose = () => {
      for (const call of waiting.values()) call.reject(linkLost());
      waiting.clear();
      unsent.length = 0;
      handlers.link("lost");
      const delay = RETRY_MS[Math.min(attempt++, RETRY_MS.length - 1)];
      setTimeout(() => open(handlers), delay);
    };
  }

  return {
    call(name, args) {
      const id = nextId++;
      const text = JSON.stringify({ id, name, args });
      return new Promise((resolve, reject) => {
        if (!socket || socket.readyState > WebSocket.OPEN) return reject(linkLost());
        waiting.set(id, { resolve, reject });
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
        else unsent.push(text);
      });
    },
    listen: open,
  };
}

function receive(data: unknown, handlers: WireHandlers, waiting: Map<number, Waiting>): void {
  if (data instanceof ArrayBuffer) {
    const frame = readFrame(data);
    if (frame) handlers.chunk(frame.stream, frame.payload);
    return;
  }
  const message = JSON.parse(String(data)) as ClientEvent | Reply;
  if ("type" in message) {
    handlers.event(message);
    return;
  }
  const call = waiting.get(message.id);
  waiting.delete(message.id);
  if ("err" in message) call?.reject(message.err);
  else call?.resolve(message.ok);
}

function openOwnSocket(): WebSocket {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(`${scheme}//${location.host}/ipc`);
}
