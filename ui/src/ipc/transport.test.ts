import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fakeCore } from "@/test/core";
import { ACK_BYTES, ACK_IDLE_MS } from "./acks";
import { IpcError } from "./errors";
import { readFrame } from "./frame";
import { call, onEvent, openStream } from "./transport";

const bytes = (length: number) => new Uint8Array(length);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("streams", () => {
  test("small chunks are acknowledged together after a quiet moment", () => {
    const core = fakeCore();
    const stream = openStream(
      () => {},
      () => {},
    );
    core.send(stream.id, bytes(100));
    vi.advanceTimersByTime(ACK_IDLE_MS - 1);
    core.send(stream.id, bytes(50));
    vi.advanceTimersByTime(ACK_IDLE_MS - 1);
    expect(core.calls("stream_ack")).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(core.calls("stream_ack")).toEqual([{ stream: stream.id, bytes: 150 }]);
  });

  test("64 KiB are acknowledged at once", () => {
    const core = fakeCore();
    const stream = openStream(
      () => {},
      () => {},
    );
    core.send(stream.id, bytes(ACK_BYTES - 1));
    expect(core.calls("stream_ack")).toEqual([]);
    core.send(stream.id, bytes(1));
    expect(core.calls("stream_ack")).toEqual([{ stream: stream.id, bytes: ACK_BYTES }]);
  });

  test("a consumer that acknowledges itself decides when", () => {
    const core = fakeCore();
    const stream = openStream(
      () => {},
      () => {},
      { manualAck: true },
    );
    core.send(stream.id, bytes(ACK_BYTES));
    vi.advanceTimersByTime(1000);
    expect(core.calls("stream_ack")).toEqual([]);
    stream.ack(ACK_BYTES);
    expect(core.calls("stream_ack")).toHaveLength(1);
  });

  test("nothing arrives, and nothing is acknowledged, after the end", () => {
    const core = fakeCore();
    const chunks: number[] = [];
    const ends: unknown[] = [];
    const stream = openStream(
      (payload) => chunks.push(payload.byteLength),
      (error) => ends.push(error),
    );
    core.send(stream.id, bytes(3));
    core.end(stream.id);
    core.send(stream.id, bytes(4));
    core.end(stream.id);
    vi.advanceTimersByTime(1000);
    expect({ chunks, ends, acks: core.calls("stream_ack") }).toEqual({
      chunks: [3],
      ends: [null],
      acks: [],
    });
  });

  test("closing tells the core once", () => {
    const core = fakeCore();
    const stream = openStream(
      () => {},
      () => {},
    );
    stream.close();
    stream.close();
    expect(core.calls("stream_close")).toEqual([{ stream: stream.id }]);
  });

  test("a lost link ends every stream with the reason", () => {
    const core = fakeCore();
    const ends: (string | undefined)[] = [];
    openStream(
      () => {},
      (error) => ends.push(error?.code),
    );
    core.link("lost");
    expect(ends).toEqual(["unreachable"]);
  });
});

describe("calls and events", () => {
  test("a refused call throws what a person reads", async () => {
    const refusal = {
      code: "conflict",
      message: "forge-1 already has atlas-api",
      hint: null,
      field: "name",
      detail: null,
    };
    fakeCore({
      workspace_rename: () => {
        throw { ...refusal, is_retryable: false };
      },
    });
    const thrown = await call("workspace_rename", {}).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(IpcError);
    expect((thrown as IpcError).failure).toMatchObject(refusal);
  });

  test("a listener that stopped hears nothing", () => {
    const core = fakeCore();
    const heard: string[] = [];
    const stop = onEvent(({ event }) => heard.push(event));
    core.event({ event: "questions", questions: [] });
    stop();
    core.event({ event: "terminals", terminals: [] });
    expect(heard).toEqual(["questions"]);
  });
});

test("a frame is a stream number, little endian, and a payload", () => {
  const buffer = new Uint8Array([0x02, 0x01, 0, 0, 0xff, 0x00]).buffer;
  const frame = readFrame(buffer);
  expect(frame?.stream).toBe(0x0102);
  expect([...(frame?.payload ?? [])]).toEqual([0xff, 0x00]);
  expect(readFrame(new ArrayBuffer(3))).toBeNull();
});
