import { ChevronDown, ChevronUp, Search, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { IconButton, Input } from "@/components";
import { messages } from "@/messages";
import type { Screen } from "./screen";
import { searchColors } from "./theme";

const words = messages.terminal;

/** Looks for words in what a terminal printed. */
export function SearchBar({ screen, onClose }: { screen: Screen; onClose: () => void }) {
  const [query, setQuery] = useState("");
  const [found, setFound] = useState({ resultIndex: -1, resultCount: 0 });
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    input.current?.focus();
    const listening = screen.search.onDidChangeResults(setFound);
    return () => {
      listening.dispose();
      screen.search.clearDecorations();
    };
  }, [screen]);

  const find = (text: string, forward: boolean, isTyping = false) => {
    const options = { decorations: searchColors(), incremental: isTyping };
    if (forward) screen.search.findNext(text, options);
    else screen.search.findPrevious(text, options);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") find(query, event.shiftKey);
    else if (event.key === "Escape") onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const count =
    found.resultCount > 0 ? words.matches(found.resultIndex + 1, found.resultCount) : words.noMatches;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the controls inside
    <div
      className="absolute top-2 right-4 z-10 flex items-center gap-0.5 rounded-card border border-line-strong bg-raise p-1 shadow-float"
      onKeyDown={onKeyDown}
    >
      <Input
        ref={input}
        inputSize="control"
        aria-label={words.search}
        placeholder={words.search}
        value={query}
        before={<Search />}
        after={
          <span aria-live="polite" className="shrink-0 text-fg-3 text-small">
            {query !== "" && count}
          </span>
        }
        onChange={(event) => {
          setQuery(event.target.value);
          find(event.target.value, false, true);
        }}
        className="w-64"
      />
      <IconButton label={words.previous} icon={<ChevronUp />} onClick={() => find(query, false)} />
      <IconButton label={words.next} icon={<ChevronDown />} onClick={() => find(query, true)} />
      <IconButton label={words.closeSearch} icon={<X />} onClick={onClose} />
    </div>
  );
}
