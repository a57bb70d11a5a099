import { type ClipboardEvent, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { LogRow } from "./LogRow";
import { LogSelection } from "./selection";
import type { LogSource } from "./source";
import type { LogSearchState } from "./useLogSearch";
import { type LogWindow, ROW_HEIGHT } from "./useLogWindow";

interface LogLinesProps {
  source: LogSource;
  label: string;
  window: LogWindow;
  search: LogSearchState;
  hasTimes: boolean;
  wrapAt: number | null;
  /** Width of the widest line, in pixels, for scrolling sideways. */
  contentWidth: number;
  /** Shown instead of lines when there are none. */
  empty: ReactNode;
}

/** The lines in view, selectable beyond what is drawn. */
export function LogLines({
  source,
  label,
  window: view,
  search,
  hasTimes,
  wrapAt,
  contentWidth,
  empty,
}: LogLinesProps) {
  const content = useRef<HTMLDivElement>(null);
  const [selection] = useState(() => new LogSelection());

  useEffect(() => {
    const onChange = () => content.current && selection.update(document.getSelection(), content.current);
    document.addEventListener("selectionchange", onChange);
    return () => document.removeEventListener("selectionchange", onChange);
  }, [selection]);

  const onCopy = (event: ClipboardEvent) => {
    const text = selection.text(source.buffer);
    if (text === "") return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "a" || !content.current) return;
    event.preventDefault();
    document.getSelection()?.selectAllChildren(content.current);
    selection.selectAll();
  };
  return (
    <section
      ref={view.scroller}
      role="log"
      aria-live="off"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
      tabIndex={0}
      onScroll={view.onScroll}
      onCopy={onCopy}
      onKeyDown={onKeyDown}
      onMouseDown={() => selection.reset()}
      className="relative flex min-h-0 grow flex-col overflow-auto font-mono -outline-offset-2!"
    >
      {empty || (
        <div
          ref={content}
          data-selectable
          className="relative min-w-full shrink-0 leading-[19px]"
          style={{ height: view.height, width: wrapAt === null ? contentWidth : undefined, tabSize: 8 }}
        >
          {view.lines.map(({ number, top, rows }) => {
            const line = source.buffer.line(number);
            if (!line) return null;
            return (
              <LogRow
                key={number}
                number={number}
                text={line.text}
                at={line.at}
                stream={line.stream}
                top={top}
                height={rows * ROW_HEIGHT}
                wrapAt={wrapAt}
                hasTimes={hasTimes}
                pattern={search.pattern}
                isCurrent={search.line === number}
              />
            );
          })}
        </div>
      )}
    </section>
  );
}
