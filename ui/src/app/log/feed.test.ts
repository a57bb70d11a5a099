import { describe, expect, test, vi } from "vitest";
import { logOpen } from "@/ipc";
import { failure, fakeCore } from "@/test/core";
import { asLogLine, LogFeed } from "./feed";

const workspace = { connection_id: "c", workspace_id: "w" };
const open = (stream: number) => logOpen({ workspace, tail: null, stream });
const line = (text: string) => `${JSON.stringify({ at: 1, stream: "stdout", text })}\n`;

function follow() {
  const core = fakeCore();
  const feed = new LogFeed();
  const stop = feed.follow(open);
  return { core, feed, stop, stream: core.streamOf("log_open") };
}

describe("LogFeed", () => {
  test("takes lines in batches and tells once a batch", async () => {
    // On a busy machine the time for a batch could be over between the two.
    const clock = vi.spyOn(performance, "now").mockReturnValue(0);
    const { core, feed, stream } = follow();
    await vi.waitFor(() => expect(feed.state.at).toBe("following"));
    const heard = vi.fn();
    feed.subscribe(heard);
    const [first = "", second = ""] = [line("one"), line("two")];
    core.send(stream, first + second.slice(0, 9));
    core.send(stream, second.slice(9));
    expect(heard).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(feed.buffer.length).toBe(2));
    expect(heard).toHaveBeenCalledTimes(1);
    expect(feed.buffer.text(1)).toBe("two");
    clock.mockRestore();
  });

  test("acknowledges exactly what it took in, and only then", async () => {
    const { core, feed, stream } = follow();
    const text = line("ä".repeat(50_000));
    const bytes = new TextEncoder().encode(text).length;
    core.send(stream, text);
    expect(core.calls("stream_ack").filter((ack) => ack.stream === stream)).toEqual([]);
    await vi.waitFor(() => expect(feed.buffer.length).toBe(1));
    core.send(stream, line("short"));
    await vi.waitFor(() => {
      const acks = core.calls("stream_ack").filter((ack) => ack.stream === stream);
      expect(acks.reduce((sum, ack) => sum + Number(ack.bytes), 0)).toBe(bytes + line("short").length);
    });
  });

  test("what is no line is left out", async () => {
    const { core, feed, stream } = follow();
    core.send(stream, `not json\n{"text":5}\n[]\nnull\n${line("good")}`);
    await vi.waitFor(() => expect(feed.buffer.length).toBe(1));
    expect(feed.buffer.text(0)).toBe("good");
    expect(asLogLine({ text: "x", stream: "stderr", at: "soon" })).toEqual({
      at: null,
      stream: "stderr",
      text: "x",
    });
  });

  test("ends after its last line, and says why when it broke", async () => {
    const { core, feed, stream } = follow();
    core.send(stream, line("last"));
    core.end(stream);
    await vi.waitFor(() => expect(feed.state.at).toBe("ended"));
    expect(feed.buffer.length).toBe(1);

    const broken = follow();
    broken.core.end(broken.stream, failure("unreachable", "the link was lost"));
    await vi.waitFor(() => expect(broken.feed.state).toMatchObject({ at: "failed" }));
  });

  test("a log that cannot be opened says so", async () => {
    fakeCore({
      log_open: () => {
        throw failure("not_found", "no such workspace");
      },
    });
    const feed = new LogFeed();
    feed.follow(open);
    await vi.waitFor(() =>
      expect(feed.state).toMatchObject({ at: "failed", failure: { message: "no such workspace" } }),
    );
  });

  test("closes its stream when nobody looks any more", () => {
    const { core, stop, stream } = follow();
    stop();
    expect(core.calls("stream_close")).toEqual([{ stream }]);
  });
});
