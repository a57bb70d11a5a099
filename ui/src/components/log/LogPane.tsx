import { ScrollText } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { messages } from "@/messages";
import { Button } from "../Button";
import { EmptyState } from "../EmptyState";
import { ErrorBox } from "../ErrorBox";
import { LogLines } from "./LogLines";
import { LogToolbar } from "./LogToolbar";
import type { LogSource, LogState } from "./source";
import { useCharWidth } from "./useCharWidth";
import { useLogSearch } from "./useLogSearch";
import { useLogWindow } from "./useLogWindow";

const words = messages.logs;
/** Left and right of a line, in pixels, and the column of times, in characters. */
const SIDES = 28;
const TIME_COLUMNS = 14.5;
const SCROLLBAR = 12;

interface LogPaneProps {
  source: LogSource;
  /** The log's accessible name. */
  label: string;
  onSave?: () => void;
  /** Opens the log again after it failed or ended. */
  onAgain?: () => void;
  /** The end is the end: nothing is said of it. */
  endsQuietly?: boolean;
  /** A text that does not grow: shown from its beginning, without times. */
  isText?: boolean;
}

/** A log: search, follow, wrap, times and its lines, of which only those in view are drawn. */
export function LogPane({
  source,
  label,
  onSave,
  onAgain,
  endsQuietly = false,
  isText = false,
}: LogPaneProps) {
  const version = useSyncExternalStore(source.subscribe, source.version);
  const [query, setQuery] = useState("");
  const [isFollowing, setFollowing] = useState(!isText);
  const [isWrapped, setWrapped] = useState(false);
  const [hasTimes, setTimes] = useState(!isText);
  const [width, setWidth] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const charWidth = useCharWidth();
  const times = hasTimes ? TIME_COLUMNS * charWidth : 0;
  const columns = isWrapped
    ? Math.max(10, Math.floor((width - SIDES - SCROLLBAR - times) / charWidth))
    : null;
  const lines = useLogWindow({ source, version, columns, isFollowing, onFollowing: setFollowing });
  const search = useLogSearch(source, query, lines.topLine, lines.show);
  useWidth(lines.scroller, setWidth);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== "f") return;
    event.preventDefault();
    input.current?.select();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: catches a shortcut of the controls inside
    <div className="flex min-h-0 grow flex-col bg-side" onKeyDown={onKeyDown}>
      <LogToolbar
        input={input}
        query={query}
        onQuery={setQuery}
        search={search}
        toggles={[
          ...(isText ? [] : [{ label: words.follow, on: isFollowing, set: setFollowing }]),
          { label: words.wrap, on: isWrapped, set: setWrapped },
          ...(isText ? [] : [{ label: words.times, on: hasTimes, set: setTimes }]),
        ]}
        status={source.buffer.isPartial ? words.older(source.buffer.length) : undefined}
        onSave={onSave}
      />
      <LogLines
        source={source}
        label={label}
        window={lines}
        search={search}
        hasTimes={hasTimes}
        wrapAt={columns === null ? null : columns * charWidth}
        contentWidth={SIDES + times + source.buffer.widest * charWidth}
        empty={source.buffer.length === 0 && <Empty state={source.state} />}
      />
      <LogEnd state={source.state} onAgain={onAgain} isQuiet={endsQuietly} />
    </div>
  );
}

function Empty({ state }: { state: LogState }): ReactNode {
  switch (state.at) {
    case "opening":
      return <p className="appear-late m-auto text-fg-3">{words.opening}</p>;
    case "following":
      return <EmptyState icon={<ScrollText />} {...words.empty} />;
    case "ended":
      return <EmptyState icon={<ScrollText />} {...words.endedEmpty} />;
    case "failed":
      return null;
  }
}

interface LogEndProps {
  state: LogState;
  onAgain: (() => void) | undefined;
  isQuiet: boolean;
}

/** What is said below the last line once nothing more comes. */
function LogEnd({ state, onAgain, isQuiet }: LogEndProps) {
  if (state.at === "failed")
    return <ErrorBox failure={state.failure} {...(onAgain ? { onRetry: onAgain } : {})} className="m-3" />;
  if (state.at !== "ended" || isQuiet) return null;
  return (
    <div className="flex h-9 shrink-0 items-center gap-2 border-t bg-panel px-3.5 text-fg-2">
      {words.ended}
      <Button tone="quiet" className="text-accent!" onClick={onAgain}>
        {words.openAgain}
      </Button>
    </div>
  );
}

function useWidth(element: { current: HTMLElement | null }, onWidth: (width: number) => void): void {
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const observer = new ResizeObserver(() => onWidth(target.clientWidth));
    observer.observe(target);
    onWidth(target.clientWidth);
    return () => observer.disconnect();
  }, [element, onWidth]);
}
