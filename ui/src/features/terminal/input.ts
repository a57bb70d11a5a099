/* Sends what is typed in order: calls may overtake each other, so one is under way at a time and what is
   typed meanwhile goes with the next. */

/** Bytes of one call at most. */
const MAX_BYTES = 32 * 1024;

export class InputQueue {
  readonly #send: (base64: string) => Promise<unknown>;
  #waiting: Uint8Array[] = [];
  #isSending = false;

  constructor(send: (base64: string) => Promise<unknown>) {
    this.#send = send;
  }

  /** Text as UTF-8. */
  pushText(text: string): void {
    this.#push(new TextEncoder().encode(text));
  }

  /** Text of which every character stands for one byte. */
  pushBinary(text: string): void {
    this.#push(Uint8Array.from(text, (character) => character.charCodeAt(0) & 255));
  }

  #push(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; from += MAX_BYTES) {
      this.#waiting.push(bytes.subarray(from, from + MAX_BYTES));
    }
    if (!this.#isSending) void this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    while (this.#waiting.length > 0) {
      try {
        await this.#send(toBase64(this.#takeNext()));
      } catch {
        // The terminal is gone; its end is shown by its state.
        this.#waiting = [];
      }
    }
    this.#isSending = false;
  }

  #takeNext(): Uint8Array {
    const taken: number[] = [];
    let size = 0;
    while (this.#waiting[0] && size + this.#waiting[0].length <= MAX_BYTES) {
      const bytes = this.#waiting.shift();
      if (!bytes) break;
      size += bytes.length;
      for (const byte of bytes) taken.push(byte);
    }
    return Uint8Array.from(taken);
  }
}

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
