/** Bytes after which an acknowledgement is sent at once. */
export const ACK_BYTES = 64 * 1024;
/** Quiet time after which a smaller one is sent. */
export const ACK_IDLE_MS = 50;

/** Collects consumed bytes of one stream and reports them in few messages. */
export class AckBatch {
  readonly #send: (bytes: number) => void;
  #pending = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(send: (bytes: number) => void) {
    this.#send = send;
  }

  add(bytes: number): void {
    this.#pending += bytes;
    if (this.#pending >= ACK_BYTES) this.#flush();
    else this.#restart();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#pending = 0;
  }

  #restart(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#flush(), ACK_IDLE_MS);
  }

  #flush(): void {
    const bytes = this.#pending;
    this.stop();
    if (bytes > 0) this.#send(bytes);
  }
}
