/* The wire of the desktop window: one invoke per command, one channel for everything unasked. */
import { Channel, invoke } from "@tauri-apps/api/core";
import type { Wire, WireHandlers } from "./contract";
import { readFrame } from "./frame";
import type { ClientEvent } from "./generated/types";

export function tauriWire(): Wire {
  let attached: Promise<unknown> = Promise.resolve();
  return {
    async call(name, args) {
      await attached;
      return invoke(name, { args });
    },
    listen(handlers) {
      attached = attachChannel(handlers);
      attached.then(
        () => handlers.link("open"),
        () => handlers.link("lost"),
      );
    },
  };
}

function attachChannel(handlers: WireHandlers): Promise<unknown> {
  const channel = new Channel<ClientEvent | ArrayBuffer>((message) => {
    if (!(message instanceof ArrayBuffer)) {
      handlers.event(message);
      return;
    }
    const frame = readFrame(message);
    if (frame) handlers.chunk(frame.stream, frame.payload);
  });
  return invoke("client_attach", { channel });
}
