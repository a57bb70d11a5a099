import { describe, expect, test, vi } from "vitest";
import { InputQueue } from "./input";

const decode = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
const text = (base64: string) => new TextDecoder().decode(decode(base64));

/** A queue whose calls end when the test says so. */
function slowQueue() {
  const sent: string[] = [];
  const done: (() => void)[] = [];
  const queue = new InputQueue(
    (base64) =>
      new Promise<void>((resolve) => {
        sent.push(base64);
        done.push(resolve);
      }),
  );
  const next = async () => {
    done.shift()?.();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { queue, sent, next };
}

describe("InputQueue", () => {
  test("sends at once, and never two calls at the same time", async () => {
    const { queue, sent, next } = slowQueue();
    queue.pushText("l");
    queue.pushText("s");
    queue.pushText("\r");
    expect(sent.map(text)).toEqual(["l"]);
    await next();
    expect(sent.map(text)).toEqual(["l", "s\r"]);
    await next();
    queue.pushText("x");
    expect(sent.map(text)).toEqual(["l", "s\r", "x"]);
  });

  test("text is UTF-8, binary is byte for byte", async () => {
    const { queue, sent, next } = slowQueue();
    queue.pushText("é");
    await next();
    queue.pushBinary("\u0000\u009f\u00ff");
    expect([...decode(sent[0] ?? "")]).toEqual([0xc3, 0xa9]);
    expect([...decode(sent[1] ?? "")]).toEqual([0, 0x9f, 0xff]);
  });

  test("a long paste goes in pieces, in order and whole", async () => {
    const sent: string[] = [];
    const queue = new InputQueue(async (base64) => void sent.push(base64));
    const paste = Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`).join("");
    queue.pushText(paste);
    await vi.waitFor(() => expect(sent.map(text).join("")).toBe(paste));
    for (const base64 of sent) expect(decode(base64).length).toBeLessThanOrEqual(32 * 1024);
  });

  test("a call that fails does not stop what is typed later", async () => {
    const send = vi.fn().mockRejectedValueOnce(new Error("gone")).mockResolvedValue({});
    const queue = new InputQueue(send);
    queue.pushText("a");
    await vi.waitFor(() => expect(send).toHaveBeenCalledTimes(1));
    await Promise.resolve();
    queue.pushText("b");
    await vi.waitFor(() => expect(send).toHaveBeenCalledTimes(2));
  });
});
