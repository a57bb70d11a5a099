// Turns one line with terminal escapes into spans of text with a style. Colours and weights only:
// everything else a line may carry (cursor moves, titles, links, controls) is left out, never obeyed.

/** A colour: one of the 16 named ones, or a fixed one as CSS. */
export type AnsiColor = number | string;

export interface AnsiStyle {
  readonly fg: AnsiColor | null;
  readonly bg: AnsiColor | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strike: boolean;
  readonly inverse: boolean;
}

export interface AnsiSpan {
  readonly text: string;
  /** None for plain text. */
  readonly style: AnsiStyle | null;
}

const PLAIN: AnsiStyle = {
  fg: null,
  bg: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
};

// In order: CSI with its parameters and final byte, OSC and other strings up to BEL or ST,
// any two-byte escape, a broken-off escape, C1 and C0 controls but the tab.
const ESCAPES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /\u001b\[([0-?]*)[ -/]*([@-~])|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|\u001b[ -/]*[0-Z\\-~]|\u001b(?:\[[0-?]*[ -/]*)?|[\u0000-\u0008\u000a-\u001a\u001c-\u001f\u007f-\u009f]/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const HAS_CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/;

/** The spans of one line; their texts joined are `plainText(line)`. */
export function parseAnsi(line: string): AnsiSpan[] {
  const text = visiblePart(line);
  if (!HAS_CONTROL.test(text)) return text === "" ? [] : [{ text, style: null }];
  const spans: AnsiSpan[] = [];
  let style = PLAIN;
  let from = 0;
  for (const match of text.matchAll(ESCAPES)) {
    pushSpan(spans, text.slice(from, match.index), style);
    from = match.index + match[0].length;
    if (match[2] === "m") style = applySgr(style, match[1] ?? "");
  }
  pushSpan(spans, text.slice(from), style);
  return spans;
}

/** The line as a person reads it, without escapes and controls. */
export function plainText(line: string): string {
  if (!HAS_CONTROL.test(line)) return line;
  return visiblePart(line).replace(ESCAPES, "");
}

/** What is left when a carriage return let the rest of the line overwrite its beginning. */
function visiblePart(line: string): string {
  const trimmed = line.replace(/\r+$/, "");
  return trimmed.slice(trimmed.lastIndexOf("\r") + 1);
}

function pushSpan(spans: AnsiSpan[], text: string, style: AnsiStyle): void {
  if (text === "") return;
  const shown = style === PLAIN ? null : style;
  const last = spans.at(-1);
  if (last && last.style === shown) spans[spans.length - 1] = { text: last.text + text, style: shown };
  else spans.push({ text, style: shown });
}

function applySgr(style: AnsiStyle, parameters: string): AnsiStyle {
  // The colour space before red, green and blue may be given and means nothing here.
  const flat = parameters.replace(/([34]8):2:\d*:(\d+:\d+:\d+)/g, "$1:2:$2");
  const codes = flat.split(/[;:]/).map((part) => (part === "" ? 0 : Number(part)));
  let next = style;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const { color, used } = extendedColor(codes.slice(at + 1));
      at += used;
      if (color !== null) next = code === 38 ? { ...next, fg: color } : { ...next, bg: color };
    } else {
      next = applyCode(next, code);
    }
  }
  return next;
}

function applyCode(style: AnsiStyle, code: number): AnsiStyle {
  if (code >= 30 && code <= 37) return { ...style, fg: code - 30 };
  if (code >= 90 && code <= 97) return { ...style, fg: code - 82 };
  if (code >= 40 && code <= 47) return { ...style, bg: code - 40 };
  if (code >= 100 && code <= 107) return { ...style, bg: code - 92 };
  switch (code) {
    case 0:
      return PLAIN;
    case 1:
      return { ...style, bold: true };
    case 2:
      return { ...style, dim: true };
    case 3:
      return { ...style, italic: true };
    case 4:
      return { ...style, underline: true };
    case 7:
      return { ...style, inverse: true };
    case 9:
      return { ...style, strike: true };
    case 22:
      return { ...style, bold: false, dim: false };
    case 23:
      return { ...style, italic: false };
    case 24:
      return { ...style, underline: false };
    case 27:
      return { ...style, inverse: false };
    case 29:
      return { ...style, strike: false };
    case 39:
      return { ...style, fg: null };
    case 49:
      return { ...style, bg: null };
    default:
      return style;
  }
}

/** The colour after 38 or 48, and how many codes it took. */
function extendedColor(rest: readonly number[]): { color: AnsiColor | null; used: number } {
  const [mode, first, second, third] = rest;
  if (mode === 5) return { color: paletteColor(first), used: 2 };
  if (mode === 2) return { color: rgb(first, second, third), used: 4 };
  return { color: null, used: 1 };
}

function paletteColor(index: number | undefined): AnsiColor | null {
  if (index === undefined || !Number.isInteger(index) || index < 0 || index > 255) return null;
  if (index < 16) return index;
  if (index >= 232) {
    const level = 8 + (index - 232) * 10;
    return rgb(level, level, level);
  }
  const cube = index - 16;
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  return rgb(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

function rgb(...parts: Array<number | undefined>): string | null {
  const good = parts.every(
    (part) => part !== undefined && Number.isInteger(part) && part >= 0 && part <= 255,
  );
  return good ? `rgb(${parts.join(" ")})` : null;
}
