/** Splits a stream of bytes into lines and parses each as JSON; keeps an unfinished line for later. */
export class JsonLines<T> {
  readonly #decoder = new TextDecoder();
  readonly #onItems: (items: T[]) => void;
  #rest = "";

  constructor(onItems: (items: T[]) => void) {
    this.#onItems = onItems;
  }

  push(payload: Uint8Array): void {
    const parts = (this.#rest + this.#decoder.decode(payload, { stream: true })).split("\n");
    this.#rest = parts.pop() ?? "";
    const items: T[] = [];
    for (const part of parts) if (part !== "") items.push(JSON.parse(part) as T);
    if (items.length > 0) this.#onItems(items);
  }
}
