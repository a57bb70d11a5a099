/* Looks for words in sections and rows. */
import type { SettingsSection } from "./frame";

/** The sections with the rows that have every word; a section whose title has them keeps all its rows. */
export function find(sections: readonly SettingsSection[], query: string): SettingsSection[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  return sections.flatMap((section) => {
    if (has(section.title)) return [section];
    const rows = section.rows.filter(({ label, help }) => has(`${section.title} ${label} ${help ?? ""}`));
    return rows.length > 0 ? [{ ...section, rows }] : [];
  });
}
