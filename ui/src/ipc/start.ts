/* Picks the wire for where the page runs. */
import { isTauri } from "@tauri-apps/api/core";
import { tauriWire } from "./tauri";
import { attach } from "./transport";
import { webSocketWire } from "./web-socket";

/** Attaches the page to its core. A development build opened with `?mock` attaches to invented data. */
export async function startIpc(): Promise<void> {
  if (import.meta.env.DEV || import.meta.env.MODE === "mock") {
    const scene = new URLSearchParams(location.search).get("mock");
    if (scene !== null) {
      const { mockWire } = await import("./mock/wire");
      attach(mockWire(scene));
      return;
    }
  }
  attach(isTauri() ? tauriWire() : webSocketWire());
}
