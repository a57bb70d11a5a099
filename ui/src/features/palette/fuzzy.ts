/* How well a text answers a query: each word of the query must stand in it, at best at the beginning of a
   word, at worst with its letters in order. */

export interface Match {
  score: number;
  /** Which letters of the text were meant, in order. */
  at: readonly number[];
}

/** A text prepared for many queries. */
export interface Prepared {
  text: string;
  /** Whether a word begins at this letter. */
  begins: readonly boolean[];
}

export function prepare(text: string): Prepared {
  const begins: boolean[] = [];
  let before = "";
  for (let index = 0; index < text.length; index++) {
    const letter = text.charAt(index);
    begins.push(isWord(letter) && (!isWord(before) || (isLower(before) && !isLower(letter) && letter > "9")));
    before = letter;
  }
  return { text: text.toLowerCase(), begins };
}

/** Letters and digits of any language; most texts are plain, and those are quick. */
function isWord(letter: string): boolean {
  if (letter < "\x80")
    return (
      (letter >= "a" && letter <= "z") || (letter >= "A" && letter <= "Z") || (letter >= "0" && letter <= "9")
    );
  return /[\p{L}\p{N}]/u.test(letter);
}

const isLower = (letter: string): boolean => letter !== letter.toUpperCase();

const WHOLE = 100;
const BEGINS_WORD = 80;
const INSIDE = 50;
const SCATTERED = 20;

/** One word of a query in a text; null when it is not there. */
export function matchWord(word: string, { text, begins }: Prepared): Match | null {
  let inside = -1;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (begins[at]) {
      const isWhole =
        at + word.length === text.length || !/[\p{L}\p{N}]/u.test(text.charAt(at + word.length));
      return { score: (isWhole ? WHOLE : BEGINS_WORD) - (at > 0 ? 2 : 0), at: range(at, word.length) };
    }
    if (inside < 0) inside = at;
  }
  if (inside >= 0) return { score: INSIDE, at: range(inside, word.length) };
  return scattered(word, { text, begins });
}

/** The letters in order, the first at the beginning of a word; gaps cost. */
function scattered(word: string, { text, begins }: Prepared): Match | null {
  if (word.length < 2) return null;
  let best: Match | null = null;
  for (
    let start = text.indexOf(word.charAt(0));
    start >= 0;
    start = text.indexOf(word.charAt(0), start + 1)
  ) {
    if (!begins[start]) continue;
    const at = [start];
    let score = SCATTERED;
    for (let letter = 1; letter < word.length; letter++) {
      const from = (at.at(-1) ?? 0) + 1;
      const next = nextOf(word.charAt(letter), from, text, begins);
      if (next < 0) break;
      if (next > from) score -= begins[next] ? 1 : 4;
      at.push(next);
    }
    if (at.length === word.length && score > 0 && (!best || score > best.score)) best = { score, at };
  }
  return best;
}

/** The next such letter: right here, else where a word begins, else anywhere. */
function nextOf(letter: string, from: number, text: string, begins: readonly boolean[]): number {
  const first = text.indexOf(letter, from);
  if (first === from) return first;
  for (let at = first; at >= 0; at = text.indexOf(letter, at + 1)) if (begins[at]) return at;
  return first;
}

const range = (from: number, length: number): number[] => Array.from({ length }, (_, index) => from + index);
