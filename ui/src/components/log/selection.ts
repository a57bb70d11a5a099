// What of a log is selected, in lines and characters, so that copying works although lines that were
// scrolled out of sight are no longer on the page.

import { plainText } from "./ansi";
import type { LogBuffer } from "./buffer";

interface Place {
  line: number;
  character: number;
}

export class LogSelection {
  #anchor: Place | null = null;
  #focus: Place | null = null;
  #isAll = false;
  /** The page tells of a selection that we made ourselves, once. */
  #isOwn = false;

  /** Remembers the ends of the page's selection as far as they are in lines that are drawn. */
  update(selection: Selection | null, root: HTMLElement): void {
    if (this.#isOwn) {
      this.#isOwn = false;
      return;
    }
    if (!selection || selection.isCollapsed || !root.contains(selection.focusNode)) return;
    this.#isAll = false;
    this.#anchor = placeOf(selection.anchorNode, selection.anchorOffset) ?? this.#anchor;
    this.#focus = placeOf(selection.focusNode, selection.focusOffset) ?? this.#focus;
  }

  /** A new selection begins here. */
  reset(): void {
    this.#anchor = null;
    this.#focus = null;
    this.#isAll = false;
  }

  selectAll(): void {
    this.#isAll = true;
    this.#isOwn = true;
  }

  /** The selected text without escapes and times; empty when nothing is selected. */
  text(buffer: LogBuffer): string {
    if (this.#isAll) return [...buffer.pieces()].join("").replace(/\n$/, "");
    if (!this.#anchor || !this.#focus) return "";
    const [from, to] = ordered(this.#anchor, this.#focus);
    const lines: string[] = [];
    for (let number = from.line; number <= to.line; number += 1) {
      const text = plainText(buffer.text(number));
      const start = number === from.line ? from.character : 0;
      lines.push(text.slice(start, number === to.line ? to.character : undefined));
    }
    return lines.join("\n");
  }
}

function ordered(a: Place, b: Place): [Place, Place] {
  return a.line < b.line || (a.line === b.line && a.character <= b.character) ? [a, b] : [b, a];
}

function placeOf(node: Node | null, offset: number): Place | null {
  const element = node instanceof Element ? node : node?.parentElement;
  const row = element?.closest<HTMLElement>("[data-line]");
  if (!node || !row) return null;
  const text = row.querySelector("[data-text]");
  const line = Number(row.dataset.line);
  if (!text?.contains(node)) return { line, character: 0 };
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(node, offset);
  return { line, character: before.toString().length };
}
