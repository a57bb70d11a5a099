import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LinkState } from "./contract";
import { webSocketWire } from "./web-socket";

class FakeSocket {
  readyState: number = WebSocket.CONNECTING;
  sent: string[] = [];
  binaryType = "blob";
  onopen = () => {};
  onclose = () => {};
  onmessage = (_: { data: unknown }) => {};
  send(text: string) {
    this.sent.push(text);
  }
  open() {
    this.readyState = WebSocket.OPEN;
    this.onopen();
  }
  close() {
    this.readyState = WebSocket.CLOSED;
    this.onclose();
  }
  say(message: object) {
    this.onmessage({ data: JSON.stringify(message) });
  }
}

function start() {
  const sockets: FakeSocket[] = [];
  const links: LinkState[] = [];
  const events: unknown[] = [];
  const chunks: [number, number[]][] = [];
  const wire = webSocketWire(() => {
    const socket = new FakeSocket();
    sockets.push(socket);
    return socket as unknown as WebSocket;
  });
  wire.listen({
    event: (event) => events.push(event),
    chunk: (stream, payload) => chunks.push([stream, [...payload]]),
    link: (state) => links.push(state),
  });
  const last = () => sockets.at(-1) as FakeSocket;
  return { wire, last, sockets, links, events, chunks };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("calls made before the socket is open are sent when it is", () => {
  const { wire, last } = start();
  void wire.call("app_info", {});
  expect(last().sent).toEqual([]);
  last().open();
  expect(JSON.parse(last().sent[0] ?? "")).toEqual({ id: 1, name: "app_info", args: {} });
});

test("replies find their calls in any order", async () => {
  const { wire, last } = start();
  last().open();
  const first = wire.call("a", {});
  const second = wire.call("b", {});
  last().say({ id: 2, ok: "second" });
  last().say({ id: 1, err: { code: "busy", message: "busy" } });
  expect(await second).toBe("second");
  await expect(first).rejects.toEqual({ code: "busy", message: "busy" });
});

test("events and binary frames are told apart from replies", () => {
  const { last, events, chunks } = start();
  last().open();
  last().say({ type: "core", event: "questions", questions: [] });
  last().onmessage({ data: new Uint8Array([7, 0, 0, 0, 1, 2]).buffer });
  expect(events).toEqual([{ type: "core", event: "questions", questions: [] }]);
  expect(chunks).toEqual([[7, [1, 2]]]);
});

test("a broken socket fails what waits, says so, and is opened anew", async () => {
  const { wire, last, sockets, links } = start();
  last().open();
  const waiting = wire.call("a", {});
  last().close();
  await expect(waiting).rejects.toMatchObject({ code: "unreachable" });
  await expect(wire.call("b", {})).rejects.toMatchObject({ code: "unreachable" });
  vi.advanceTimersByTime(250);
  expect(sockets).toHaveLength(2);
  last().open();
  expect(links).toEqual(["open", "lost", "open"]);
});
