/** Splits a stream of bytes into lines and parses each as JSON; keeps an unfinished line for later.
    What the values are is for the receiver to check; a line that is not JSON is left out. */
export class JsonLines {
  readonly #decoder = new TextDecoder();
  readonly #onItems: (items: unknown[]) => void;
  #rest = "";

  constructor(onItems: (items: unknown[]) => void) {
    this.#onItems = onItems;
  }

  push(payload: Uint8Array): void {
    const parts = (this.#rest + this.#decoder.decode(payload, { stream: true })).split("\n");
    this.#rest = parts.pop() ?? "";
    const items = parts.flatMap(parseLine);
    if (items.length > 0) this.#onItems(items);
  }
}

function parseLine(line: string): unknown[] {
  if (line.trim() === "") return [];
  try {
    const value: unknown = JSON.parse(line);
    return [value];
  } catch {
    return [];
  }
}
