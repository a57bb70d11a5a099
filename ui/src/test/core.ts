/* A core for tests: answers calls as it is told, remembers them, and sends what a test sends. */
import type { LinkState, WireHandlers } from "@/ipc/contract";
import type { CoreEvent, Failure } from "@/ipc/generated/types";
import { attach } from "@/ipc/transport";

export type Answers = Record<string, (args: Record<string, unknown>) => unknown>;

export interface FakeCore {
  /** The arguments of every call of a command, in order. */
  calls(name: string): Record<string, unknown>[];
  /** The stream that the newest call of a command named. */
  streamOf(name: string): number;
  send(stream: number, data: string | Uint8Array): void;
  end(stream: number, error?: Failure): void;
  event(event: CoreEvent): void;
  /** Breaks the link, or mends it. */
  link(state: LinkState): void;
  /** Changes how a command is answered from now on. */
  answer(name: string, answer: Answers[string]): void;
}

/** Attaches the page to a core that answers `{}` to all that `answers` does not hold. */
export function fakeCore(answers: Answers = {}): FakeCore {
  const known = { ...answers };
  const made: { name: string; args: Record<string, unknown> }[] = [];
  let wire: WireHandlers | null = null;
  attach({
    async call(name, args) {
      const copy: Record<string, unknown> = { ...args };
      made.push({ name, args: copy });
      return known[name]?.(copy) ?? {};
    },
    listen(handlers) {
      wire = handlers;
      handlers.link("open");
    },
  });
  const calls = (name: string) => made.filter((call) => call.name === name).map(({ args }) => args);
  return {
    calls,
    streamOf: (name) => Number(calls(name).at(-1)?.stream),
    send: (stream, data) =>
      wire?.chunk(stream, typeof data === "string" ? new TextEncoder().encode(data) : data),
    end: (stream, error) => wire?.event({ type: "stream_end", stream, error: error ?? null }),
    event: (event) => wire?.event({ type: "core", ...event }),
    link: (state) => wire?.link(state),
    answer: (name, answer) => {
      known[name] = answer;
    },
  };
}

/** A failure as the core would send it. */
export function failure(code: Failure["code"], message: string): Failure {
  return { code, message, hint: null, field: null, detail: null };
}
