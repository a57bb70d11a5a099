/* Names of hosts after "via", as they are typed. */
import type { TunnelWay } from "@/ipc";

/** Names may have spaces in them. */
const VIA = /^(.*?\svia\s+)(.*)$/i;
const MOST = 8;

export interface Completion {
  way: TunnelWay;
  /** The whole line with it. */
  line: string;
}

const isSame = (a: string, b: string) => a.toLowerCase() === b.trim().toLowerCase();

/** What the end of the line may become; nothing once it is a whole name. */
export function completions(line: string, ways: readonly TunnelWay[]): Completion[] {
  const [, before, typed = ""] = VIA.exec(line) ?? [];
  if (before === undefined || ways.some(({ name }) => isSame(name, typed))) return [];
  return waysLike(typed, ways)
    .slice(0, MOST)
    .map((way) => ({ way, line: `${before}${way.name}` }));
}

/** Hosts whose name or address holds what was typed, those that begin so first. */
export function waysLike(typed: string, ways: readonly TunnelWay[]): TunnelWay[] {
  const wanted = typed.trim().toLowerCase();
  const rank = ({ name }: TunnelWay) => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
  return ways
    .filter(({ name, address }) => `${name} ${address}`.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, "en", { numeric: true }));
}
