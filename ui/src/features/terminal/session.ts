/* One open terminal on this page: its xterm, its stream and its typing. It lives as long as the terminal,
   whichever page or tab shows it. Not here: React, and the list of terminals. */
import {
  type Failure,
  openStream,
  type Stream,
  type TerminalId,
  terminalAttach,
  terminalResize,
  terminalWrite,
  toFailure,
} from "@/ipc";
import { InputQueue } from "./input";
import { silenceReplies } from "./replies";
import type { Screen } from "./screen";

/** Resizing is told once it has been quiet for so long. */
const RESIZE_MS = 50;
/** What comes so long after xterm first caught up is news, not the replay of what was printed before. */
const REPLAY_MS = 200;

export type Attachment =
  | { readonly at: "attaching" }
  | { readonly at: "attached" }
  | { readonly at: "lost"; readonly failure: Failure };

export class TerminalSession {
  /** Holds the xterm; moved between the places that show it. */
  readonly element = document.createElement("div");
  readonly screen: Screen;
  readonly #id: TerminalId;
  readonly #input: InputQueue;
  readonly #listeners = new Set<() => void>();
  #attachment: Attachment = { at: "attaching" };
  #stream: Stream | null = null;
  #resizeTimer: ReturnType<typeof setTimeout> | null = null;
  #replayTimer: ReturnType<typeof setTimeout> | null = null;
  #isReplaying = false;
  #unparsed = 0;
  #hasBegun = false;
  #isDisposed = false;

  /** `isNew` says that nothing was printed before this page. */
  constructor(id: TerminalId, screen: Screen, isNew: boolean) {
    this.#id = id;
    this.screen = screen;
    this.element.className = "size-full";
    this.#isReplaying = !isNew;
    this.#input = new InputQueue((data) => terminalWrite({ terminal_id: id, data }));
    const { terminal } = screen;
    silenceReplies(terminal, () => this.#isReplaying);
    terminal.onData((text) => this.#input.pushText(text));
    terminal.onBinary((text) => this.#input.pushBinary(text));
    terminal.onKey(() => this.#endReplay());
    terminal.onResize(({ cols, rows }) => this.#tellSize(cols, rows));
  }

  /** Draws the terminal in its element, which must be visible by now, and attaches it. Once. */
  async begin(): Promise<void> {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    await this.screen.ready;
    if (this.#isDisposed) return;
    this.screen.terminal.open(this.element);
    this.fitNow();
    this.attach();
  }

  /** Shows what was printed so far and what follows; anew when it was attached before. */
  attach(): void {
    this.#stream?.close();
    this.#change({ at: "attaching" });
    this.screen.terminal.reset();
    const stream = openStream(
      (bytes) => this.#write(stream, bytes),
      (failure) => this.#ended(stream, failure),
      { manualAck: true },
    );
    this.#stream = stream;
    this.#tellSize(this.screen.terminal.cols, this.screen.terminal.rows);
    terminalAttach({ terminal_id: this.#id, stream: stream.id }).then(
      () =>
        this.#stream === stream && this.#attachment.at === "attaching" && this.#change({ at: "attached" }),
      (thrown: unknown) => this.#ended(stream, toFailure(thrown)),
    );
  }

  readonly attachment = (): Attachment => this.#attachment;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Fits the terminal to its element once that stopped changing. */
  fitSoon(): void {
    if (this.#resizeTimer !== null) clearTimeout(this.#resizeTimer);
    this.#resizeTimer = setTimeout(() => this.fitNow(), RESIZE_MS);
  }

  fitNow(): void {
    if (this.element.isConnected && this.element.clientWidth > 0) this.screen.fit.fit();
  }

  dispose(): void {
    this.#isDisposed = true;
    if (this.#resizeTimer !== null) clearTimeout(this.#resizeTimer);
    if (this.#replayTimer !== null) clearTimeout(this.#replayTimer);
    this.#stream?.close();
    this.#stream = null;
    this.screen.terminal.dispose();
    this.element.remove();
  }

  /** Bytes count as consumed once xterm has taken them in, so that a flood waits at its source. */
  #write(stream: Stream, bytes: Uint8Array): void {
    if (this.#stream !== stream) return;
    this.#unparsed += 1;
    this.screen.terminal.write(bytes, () => {
      this.#unparsed -= 1;
      stream.ack(bytes.byteLength);
      if (this.#isReplaying && this.#unparsed === 0) this.#endReplaySoon();
    });
  }

  #endReplaySoon(): void {
    this.#replayTimer ??= setTimeout(() => this.#endReplay(), REPLAY_MS);
  }

  #endReplay(): void {
    if (this.#replayTimer !== null) clearTimeout(this.#replayTimer);
    this.#replayTimer = null;
    this.#isReplaying = false;
  }

  #ended(stream: Stream, failure: Failure | null): void {
    if (this.#stream !== stream) return;
    this.#stream = null;
    this.#isReplaying = true;
    if (failure) this.#change({ at: "lost", failure });
  }

  #tellSize(columns: number, rows: number): void {
    terminalResize({ terminal_id: this.#id, size: { columns, rows } }).catch(() => {
      // It ended meanwhile; its state shows that.
    });
  }

  #change(attachment: Attachment): void {
    this.#attachment = attachment;
    for (const listener of this.#listeners) listener();
  }
}
