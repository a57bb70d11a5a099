/* Which items answer a query, best first. */
import type { PaletteItem } from "@/app/palette";
import { matchWord, type Prepared, prepare } from "./fuzzy";

export interface Found {
  item: PaletteItem;
  /** Letters of the title that were meant. */
  at: ReadonlySet<number>;
}

interface Searchable {
  item: PaletteItem;
  title: Prepared;
  rest: Prepared;
}

const NONE: ReadonlySet<number> = new Set();
/** Rows that are drawn; a longer list is narrowed by typing on. */
export const SHOWN = 60;
/** How much it counts to have been used: the last one most. */
const RECENT = 12;

/** Prepares the items once; the function then answers each query. */
export function searcher(items: readonly PaletteItem[], recent: readonly string[]) {
  const order = new Map(recent.map((id, index) => [id, index]));
  let prepared: Searchable[] | null = null;
  return (query: string): Found[] => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return unasked(items, order);
    prepared ??= items.map((item) => ({
      item,
      title: prepare(item.title),
      rest: prepare(`${item.detail ?? ""} ${item.words ?? ""}`),
    }));
    const found = prepared.flatMap((one) => {
      const match = matchAll(words, one);
      if (!match) return [];
      const used = order.get(one.item.id);
      const bonus = used === undefined ? 0 : RECENT / (1 + used / 4);
      return [{ item: one.item, at: match.at, score: match.score + bonus + (one.item.weight ?? 0) }];
    });
    found.sort((a, b) => b.score - a.score);
    return found.slice(0, SHOWN);
  };
}

/** Before anything is typed: what was used last, then the rest in its order. */
function unasked(items: readonly PaletteItem[], order: ReadonlyMap<string, number>): Found[] {
  const rank = ({ id }: PaletteItem) => order.get(id) ?? order.size;
  const listed = items.filter((item) => order.has(item.id) || (item.weight ?? 0) >= 0);
  return listed
    .map((item, index) => ({ item, index }))
    .sort((a, b) => rank(a.item) - rank(b.item) || a.index - b.index)
    .slice(0, SHOWN)
    .map(({ item }) => ({ item, at: NONE }));
}

/** Every word must be found: in the title, or else in what stands behind it. */
function matchAll(words: readonly string[], { title, rest }: Searchable) {
  const at = new Set<number>();
  let score = 0;
  for (const word of words) {
    const inTitle = matchWord(word, title);
    const behind = inTitle && inTitle.score > 30 ? null : matchWord(word, rest);
    // Letters that are scattered over details mean nothing.
    const isBehind = behind !== null && behind.score > 30;
    if (!inTitle && !isBehind) return null;
    if (inTitle && (!isBehind || inTitle.score >= (behind?.score ?? 0) / 2)) {
      score += inTitle.score;
      for (const index of inTitle.at) at.add(index);
    } else score += (behind?.score ?? 0) / 2;
  }
  return { score: score / words.length - title.text.length / 100, at };
}
