import type { Wire } from "../contract";

/** A core of invented data, for looking at screens without one. */
export function mockWire(_scene: string): Wire {
  return {
    call: (name) => Promise.reject(new Error(`the mock does not know ${name}`)),
    listen: (handlers) => handlers.link("open"),
  };
}
