import { ChevronDown, ChevronUp, Search } from "lucide-react";
import type { KeyboardEvent, ReactNode, RefObject } from "react";
import { messages } from "@/messages";
import { Button } from "../Button";
import { ToggleChip } from "../Chip";
import { IconButton } from "../IconButton";
import { Input } from "../Input";
import type { LogSearchState } from "./useLogSearch";

const words = messages.logs;

interface Toggle {
  label: string;
  on: boolean;
  set: (on: boolean) => void;
}

/** Search, chips and Save above a log. */
export function LogToolbar({
  input,
  query,
  onQuery,
  search,
  toggles,
  status,
  onSave,
}: {
  input: RefObject<HTMLInputElement | null>;
  query: string;
  onQuery: (query: string) => void;
  search: LogSearchState;
  toggles: readonly Toggle[];
  status?: ReactNode;
  onSave?: (() => void) | undefined;
}) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      search.step(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape" && query !== "") {
      event.stopPropagation();
      onQuery("");
    }
  };
  return (
    <div className="flex h-10 shrink-0 items-center gap-2 border-b bg-bg px-3">
      <Input
        ref={input}
        inputSize="control"
        type="search"
        aria-label={words.search}
        placeholder={words.search}
        value={query}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={onKeyDown}
        before={<Search />}
        after={query !== "" && <MatchCount search={search} />}
        className="max-w-60 min-w-28"
      />
      {query !== "" && (
        <span className="flex shrink-0">
          <IconButton
            label={words.previous}
            icon={<ChevronUp />}
            onClick={() => search.step(-1)}
            className="w-6!"
          />
          <IconButton
            label={words.next}
            icon={<ChevronDown />}
            onClick={() => search.step(1)}
            className="w-6!"
          />
        </span>
      )}
      <span className="flex shrink-0 gap-2">
        {toggles.map(({ label, on, set }) => (
          <ToggleChip key={label} on={on} onChange={set}>
            {label}
          </ToggleChip>
        ))}
      </span>
      <span className="ml-auto flex min-w-0 items-center gap-2">
        {status && <span className="truncate text-fg-3 text-small">{status}</span>}
        {onSave && (
          <Button tone="quiet" onClick={onSave}>
            {words.save}
          </Button>
        )}
      </span>
    </div>
  );
}

function MatchCount({ search }: { search: LogSearchState }) {
  const text =
    search.count > 0
      ? words.matches(search.position, search.count)
      : search.isDone
        ? words.noMatches
        : words.searching;
  return (
    <span aria-live="polite" className="shrink-0 text-fg-3 text-small">
      {text}
    </span>
  );
}
