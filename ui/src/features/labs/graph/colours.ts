/* The page's colours as they are now, for what draws with plain ones. */

const TOKENS = {
  bg: "--bg",
  panel: "--panel",
  raise: "--raise",
  line: "--line-strong",
  fg: "--fg",
  fg2: "--fg-2",
  fg3: "--fg-3",
  accent: "--accent",
  warn: "--warn",
  warnSoft: "--warn-soft",
  ok: "--ok",
  err: "--err",
  idle: "--idle",
  info: "--info",
} as const;

export type Colours = Record<keyof typeof TOKENS, string>;

/** As the style sheet writes them. */
export function pageColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const entries = Object.entries(TOKENS).map(([name, token]) => [name, style.getPropertyValue(token).trim()]);
  return Object.fromEntries(entries) as Colours;
}

/** In the form that every program reads. */
export function plainColours(): Colours {
  const entries = Object.entries(pageColours()).map(([name, value]) => [name, painted(value)]);
  return Object.fromEntries(entries) as Colours;
}

function painted(value: string): string {
  const canvas = document.createElement("canvas").getContext("2d");
  if (!canvas) return value;
  canvas.fillStyle = value;
  canvas.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
  return `rgb(${red} ${green} ${blue})`;
}
