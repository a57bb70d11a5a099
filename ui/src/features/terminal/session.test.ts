import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { Terminal } from "@xterm/xterm";
import { describe, expect, test, vi } from "vitest";
import { type FakeCore, failure, fakeCore } from "@/test/core";
import { TerminalSession } from "./session";

const encoder = new TextEncoder();

/** A session whose xterm takes everything in but draws nothing. */
async function begin(core: FakeCore, isNew = true) {
  const terminal = new Terminal({ allowProposedApi: true });
  vi.spyOn(terminal, "open").mockImplementation(() => {});
  const screen = { terminal, fit: new FitAddon(), search: new SearchAddon(), ready: Promise.resolve() };
  const session = new TerminalSession("t1", screen, isNew);
  await session.begin();
  await vi.waitFor(() => expect(session.attachment().at).toBe("attached"));
  return { session, terminal, stream: core.streamOf("terminal_attach") };
}

const firstLine = (terminal: Terminal) => terminal.buffer.active.getLine(0)?.translateToString(true);
const typed = (core: FakeCore) =>
  core
    .calls("terminal_write")
    .map(({ data }) => atob(String(data)))
    .join("");

describe("TerminalSession", () => {
  test("tells its size, then attaches", async () => {
    const core = fakeCore();
    await begin(core);
    expect(core.calls("terminal_resize")[0]).toEqual({ terminal_id: "t1", size: { columns: 80, rows: 24 } });
    expect(core.calls("terminal_attach")).toHaveLength(1);
  });

  test("acknowledges bytes once xterm has taken them in", async () => {
    const core = fakeCore();
    const { terminal, stream } = await begin(core);
    const write = vi.spyOn(terminal, "write").mockImplementation(() => {});
    const bytes = encoder.encode("x".repeat(70_000));
    core.send(stream, bytes);
    expect(core.calls("stream_ack")).toEqual([]);
    write.mock.calls[0]?.[1]?.();
    expect(core.calls("stream_ack")).toEqual([{ stream, bytes: 70_000 }]);
  });

  test("shows what comes and sends what is typed", async () => {
    const core = fakeCore();
    const { terminal, stream } = await begin(core);
    core.send(stream, "hello");
    await vi.waitFor(() => expect(firstLine(terminal)).toBe("hello"));
    terminal.input("ls\r");
    await vi.waitFor(() => expect(typed(core)).toBe("ls\r"));
  });

  test("questions of long ago are not answered, those of now are", async () => {
    const core = fakeCore();
    const { terminal, stream } = await begin(core, false);
    core.send(stream, "old\u001b[c\u001b[6n\u001b]11;?\u0007\u001b[?1$p");
    await vi.waitFor(() => expect(firstLine(terminal)).toBe("old"));
    expect(typed(core)).toBe("");
    terminal.input("x");
    await vi.waitFor(() => expect(typed(core)).toBe("x"));

    await vi.waitFor(() => {
      core.send(stream, "\u001b[5n");
      expect(typed(core)).toContain("\u001b[0n");
    });
  });

  test("is lost with its reason, and begins anew when attached again", async () => {
    const core = fakeCore();
    const { session, terminal, stream } = await begin(core);
    core.send(stream, "before");
    await vi.waitFor(() => expect(firstLine(terminal)).toBe("before"));
    core.end(stream, failure("unreachable", "the link was lost"));
    expect(session.attachment()).toMatchObject({ at: "lost", failure: { message: "the link was lost" } });
    session.attach();
    const next = core.streamOf("terminal_attach");
    expect(next).not.toBe(stream);
    core.send(next, "again");
    await vi.waitFor(() => expect(firstLine(terminal)).toBe("again"));
  });

  test("closes its stream with itself", async () => {
    const core = fakeCore();
    const { session, stream } = await begin(core);
    session.dispose();
    expect(core.calls("stream_close")).toEqual([{ stream }]);
  });
});
