/* A log that comes as fast as it is taken, for the benchmark of the log view: two million lines under the
   same credit that the core gives a stream. */
import type { WireHandlers } from "../contract";

/** What the core lets be on its way. */
const CREDIT = 512 * 1024;
const CHUNK = 64 * 1024;
const LINES = 2_000_000;
/** Lines prepared once; each is numbered when it is sent. */
const KINDS = 64;

const encoder = new TextEncoder();

/** Text as servers write it: mostly plain, some coloured, some long. */
function kind(index: number): string {
  const level =
    index % 16 === 0 ? "\\u001b[31mERROR\\u001b[0m" : index % 5 === 0 ? "\\u001b[33mWARN\\u001b[0m" : "INFO";
  const tail =
    index % 13 === 0 ? " retry=3 backoff=250ms trace=4bf92f3577b34da6a3ce929d0e0e4736".repeat(3) : "";
  return `${level} request ${"abcdefgh".slice(index % 8)} handled in ${index * 3} µs by worker-${index % 12}${tail}`;
}

export class Flood {
  readonly #texts = Array.from({ length: KINDS }, (_, index) => kind(index));
  readonly #wire: () => WireHandlers | null;
  readonly #stream: number;
  #sent = 0;
  #pending = 0;
  #isSending = false;
  /** Timers would be slowed down by the browser; messages are not. */
  readonly #channel = new MessageChannel();

  constructor(wire: () => WireHandlers | null, stream: number) {
    this.#wire = wire;
    this.#stream = stream;
    this.#channel.port1.onmessage = () => this.#deliver();
    this.#send();
  }

  /** The page consumed bytes of the stream. */
  ack(stream: number, bytes: number): void {
    if (stream !== this.#stream) return;
    this.#pending -= bytes;
    this.#send();
  }

  /** Each chunk is a task of its own, as messages from the core are. */
  #send(): void {
    if (this.#isSending || this.#pending >= CREDIT || this.#sent >= LINES) return;
    this.#isSending = true;
    this.#channel.port2.postMessage(null);
  }

  #deliver(): void {
    this.#isSending = false;
    const bytes = this.#chunk();
    this.#pending += bytes.byteLength;
    this.#wire()?.chunk(this.#stream, bytes);
    this.#send();
  }

  #chunk(): Uint8Array {
    const lines: string[] = [];
    let length = 0;
    const now = Date.now();
    while (length < CHUNK && this.#sent < LINES) {
      const text = this.#texts[this.#sent % KINDS] ?? "";
      const stream = this.#sent % 40 === 0 ? "stderr" : "stdout";
      const line = `{"at":${now},"stream":"${stream}","text":"${this.#sent} ${text}"}\n`;
      lines.push(line);
      length += line.length;
      this.#sent += 1;
    }
    return encoder.encode(lines.join(""));
  }
}
