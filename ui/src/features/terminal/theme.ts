/* The terminal's colours, from the design tokens, as the page shows them now. */
import type { ITheme } from "@xterm/xterm";

const NAMES = [
  "black",
  "red",
  "green",
  "yellow",
  "blue",
  "magenta",
  "cyan",
  "white",
  "brightBlack",
  "brightRed",
  "brightGreen",
  "brightYellow",
  "brightBlue",
  "brightMagenta",
  "brightCyan",
  "brightWhite",
] as const;

/** Reads the tokens; xterm wants plain colours, so the page turns them into such. */
export function terminalTheme(): ITheme {
  const color = colorReader();
  const theme: ITheme = {
    background: color("--side"),
    foreground: color("--fg"),
    cursor: color("--fg-2"),
    cursorAccent: color("--side"),
    selectionBackground: color("--accent-line"),
    selectionInactiveBackground: color("--line-strong"),
    scrollbarSliderBackground: color("--line-strong"),
    scrollbarSliderHoverBackground: color("--fg-3"),
    scrollbarSliderActiveBackground: color("--fg-3"),
  };
  for (const [index, name] of NAMES.entries()) theme[name] = color(`--ansi-${index}`);
  return theme;
}

/** Marks of found text. */
export function searchColors() {
  const color = colorReader();
  return {
    matchBackground: color("--mark"),
    matchOverviewRuler: color("--warn"),
    activeMatchBackground: color("--accent-line"),
    activeMatchBorder: color("--accent"),
    activeMatchColorOverviewRuler: color("--accent"),
  };
}

/** Calls back when the page changes between light and dark; returns how to stop. */
export function onThemeChange(callback: () => void): () => void {
  const observer = new MutationObserver(callback);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "class"] });
  return () => observer.disconnect();
}

function colorReader(): (token: string) => string {
  const style = getComputedStyle(document.documentElement);
  const canvas = document.createElement("canvas");
  canvas.width = 1;
  canvas.height = 1;
  const pixel = canvas.getContext("2d", { willReadFrequently: true });
  return (token) => {
    const value = style.getPropertyValue(token).trim();
    if (!pixel) return "#808080";
    pixel.clearRect(0, 0, 1, 1);
    pixel.fillStyle = value;
    pixel.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = pixel.getImageData(0, 0, 1, 1).data;
    return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  };
}
