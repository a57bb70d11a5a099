/* The words of the interface in the language of this page. A second language is one file in languages/:
   it exports `messages` of the type `Messages`, and is named by its language tag. */

import { choose } from "./choose";
import { en, type Messages } from "./en";

export type { Messages };

const FILES = import.meta.glob<{ messages: Messages }>("./languages/*.ts");
const FALLBACK = "en";
const STORED = "moorline.language";

const tagOf = (path: string): string => path.replace(/^.*\/|\.ts$/g, "");
const TAGS = [FALLBACK, ...Object.keys(FILES).map(tagOf)];

/** Every language there is a file for, named in itself. */
export function languages(): { value: string; label: string }[] {
  return TAGS.map((tag) => ({ value: tag, label: nameOf(tag) }));
}

function nameOf(tag: string): string {
  const name = new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}

const chosen = (stored: string | null): string => choose(stored ?? "", navigator.languages, TAGS, FALLBACK);

/** Remembers the language (empty: as the system) and loads the page anew where that changes its words. */
export function switchLanguage(language: string): void {
  if (language === "") localStorage.removeItem(STORED);
  else localStorage.setItem(STORED, language);
  if (chosen(language) !== current) location.reload();
}

const current = chosen(localStorage.getItem(STORED));
document.documentElement.lang = current;

async function load(): Promise<Messages> {
  if (import.meta.env.MODE === "mock" && new URLSearchParams(location.search).get("language") === "pseudo") {
    const { pseudo } = await import("./pseudo");
    return pseudo(en);
  }
  const file = FILES[`./languages/${current}.ts`];
  return file ? (await file()).messages : en;
}

export const messages: Messages = await load();
