import { type CSSProperties, memo, type ReactNode } from "react";
import type { LogStream } from "@/ipc";
import { cx } from "../cx";
import { type AnsiColor, type AnsiStyle, parseAnsi } from "./ansi";
import { lineTime } from "./clock";

interface LogRowProps {
  number: number;
  text: string;
  at: number | null;
  stream: LogStream;
  top: number;
  height: number;
  /** Width of the text in pixels when lines are wrapped. */
  wrapAt: number | null;
  hasTimes: boolean;
  /** Marks what is looked for. */
  pattern: RegExp | null;
  isCurrent: boolean;
}

const STREAM_TONES: Record<LogStream, string> = { stdout: "", stderr: "text-warn", note: "text-accent" };

/** One line of a log. Its text is drawn as text, whatever it holds. */
export const LogRow = memo(function LogRow(props: LogRowProps) {
  const { number, text, at, stream, top, height, wrapAt, hasTimes, pattern, isCurrent } = props;
  return (
    <div
      data-line={number}
      className={cx(
        "absolute left-0 w-full px-3.5 whitespace-pre contain-strict",
        isCurrent && "bg-selected",
      )}
      style={{ top, height }}
    >
      {hasTimes && (
        <span className="inline-block w-[14.5ch] align-top text-fg-3 select-none">
          {at === null ? "" : lineTime(at)}
        </span>
      )}
      <span
        data-text
        className={cx(
          wrapAt !== null && "inline-block overflow-hidden align-top whitespace-break-spaces break-all",
          STREAM_TONES[stream],
        )}
        style={wrapAt === null ? undefined : { width: wrapAt }}
      >
        {parseAnsi(text).map((span, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: spans have no other identity and no state
          <span key={index} style={span.style ? cssOf(span.style) : undefined}>
            {pattern ? marked(span.text, pattern) : span.text}
          </span>
        ))}
      </span>
    </div>
  );
});

/** The text with what matches in marks. */
function marked(text: string, pattern: RegExp): ReactNode {
  const pieces: ReactNode[] = [];
  let from = 0;
  for (const match of text.matchAll(new RegExp(pattern, "gi"))) {
    pieces.push(text.slice(from, match.index));
    pieces.push(
      <mark key={match.index} className="rounded-[2px] bg-mark text-fg">
        {match[0]}
      </mark>,
    );
    from = match.index + match[0].length;
  }
  pieces.push(text.slice(from));
  return pieces;
}

const colorOf = (color: AnsiColor): string => (typeof color === "number" ? `var(--ansi-${color})` : color);

function cssOf(style: AnsiStyle): CSSProperties {
  const fg = style.fg === null ? null : colorOf(style.fg);
  const bg = style.bg === null ? null : colorOf(style.bg);
  const css: CSSProperties = {};
  if (style.inverse) {
    css.color = bg ?? "var(--side)";
    css.backgroundColor = fg ?? "var(--fg)";
  } else {
    if (fg) css.color = fg;
    if (bg) css.backgroundColor = bg;
  }
  if (style.bold) css.fontWeight = 650;
  if (style.dim) css.opacity = 0.75;
  if (style.italic) css.fontStyle = "italic";
  const lines = [style.underline && "underline", style.strike && "line-through"].filter(Boolean).join(" ");
  if (lines) css.textDecoration = lines;
  return css;
}
