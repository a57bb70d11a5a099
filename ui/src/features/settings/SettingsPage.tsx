/* All settings: sections at the left, their rows at the right, and search over all of them. */
import { SearchX } from "lucide-react";
import { useState } from "react";
import { useFilterAction } from "@/app/filter-action";
import { paths } from "@/app/navigation";
import { Button, cx, EmptyState, FilterInput, PageHeader } from "@/components";
import { messages } from "@/messages";
import { find } from "./find";
import type { SettingsSection } from "./frame";
import { useOwnSections } from "./sections";

const words = messages.settings;

interface SettingsPageProps {
  /** The section to show; the first one when left out or unknown. */
  section?: string | undefined;
  /** Sections that other features bring, shown before data and about. */
  extra?: readonly SettingsSection[];
}

export function SettingsPage({ section, extra = [] }: SettingsPageProps) {
  const [query, setQuery] = useState("");
  const search = useFilterAction("settings.search", words.search);
  const own = useOwnSections();
  const sections = [...own.slice(0, -2), ...extra, ...own.slice(-2)];
  const isSearching = query.trim() !== "";
  const found = isSearching ? find(sections, query) : sections;
  const chosen = sections.find(({ id }) => id === section) ?? sections[0];
  const shown = isSearching ? found : chosen ? [chosen] : [];
  return (
    <>
      <PageHeader
        title={words.title}
        tools={<FilterInput ref={search} label={words.search} value={query} onChange={setQuery} />}
      />
      <div className="flex min-h-0 grow">
        <SectionList
          found={found}
          current={isSearching ? null : (chosen?.id ?? null)}
          onChoose={() => setQuery("")}
        />
        <div className="min-h-0 grow overflow-y-auto">
          {shown.length === 0 ? (
            <EmptyState
              icon={<SearchX />}
              {...words.noMatch}
              actions={<Button onClick={() => setQuery("")}>{words.clearSearch}</Button>}
            />
          ) : (
            <div className="flex max-w-172 flex-col gap-7 px-7 py-5">
              {shown.map((one) => (
                <Section key={one.id} section={one} />
              ))}
            </div>
          )}
        </div>
      </div>
    </>
  );
}

interface SectionListProps {
  found: readonly SettingsSection[];
  current: string | null;
  onChoose: () => void;
}

function SectionList({ found, current, onChoose }: SectionListProps) {
  return (
    <nav
      aria-label={words.sections}
      className="flex w-52 shrink-0 flex-col gap-px overflow-y-auto border-r p-2"
    >
      {found.map(({ id, title, icon }) => (
        <a
          key={id}
          href={`#${paths.settings(id)}`}
          aria-current={id === current ? "page" : undefined}
          onClick={onChoose}
          className={cx(
            "eased flex h-7.5 shrink-0 items-center gap-2.5 rounded-control px-2.5 -outline-offset-2!",
            id === current
              ? "bg-selected font-[550] text-fg [&_svg]:text-accent"
              : "text-fg-2 hover:bg-hover",
          )}
        >
          {icon}
          <span className="truncate">{title}</span>
        </a>
      ))}
    </nav>
  );
}

function Section({ section }: { section: SettingsSection }) {
  return (
    <section aria-label={section.title}>
      <h2 className="mb-1 font-semibold text-title">{section.title}</h2>
      <div className="divide-y divide-line">
        {section.rows.map((one) => (
          <div key={one.id}>{one.content}</div>
        ))}
      </div>
    </section>
  );
}
