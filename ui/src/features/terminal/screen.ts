/* Makes the xterm of a terminal with its add-ons. What goes in and out is session.ts. */
import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { Unicode11Addon } from "@xterm/addon-unicode11";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import "./terminal.css";
import { isMac } from "@/app/actions";
import { showFailure } from "@/app/toasts";
import { toFailure, urlOpen } from "@/ipc";
import { messages } from "@/messages";
import { terminalTheme } from "./theme";

export interface Screen {
  readonly terminal: Terminal;
  readonly fit: FitAddon;
  readonly search: SearchAddon;
  /** Resolves when its font can be measured. */
  readonly ready: Promise<void>;
}

export interface ScreenOptions {
  fontSize: number;
  scrollback: number;
}

const FONT = '"JetBrains Mono Variable", ui-monospace, monospace';

export function makeScreen({ fontSize, scrollback }: ScreenOptions): Screen {
  const terminal = new Terminal({
    // Marks of the search and the wider character tables are proposed interfaces.
    allowProposedApi: true,
    cursorBlink: false,
    fontFamily: FONT,
    fontSize,
    lineHeight: 1.05,
    fontWeight: 450,
    fontWeightBold: 650,
    scrollback,
    theme: terminalTheme(),
    minimumContrastRatio: 4.5,
    macOptionClickForcesSelection: true,
    rightClickSelectsWord: false,
    linkHandler: { activate: openLink, hover: hintAtLink, leave: clearHint },
  });
  const fit = new FitAddon();
  const search = new SearchAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(search);
  terminal.loadAddon(new Unicode11Addon());
  terminal.loadAddon(new WebLinksAddon(openLink, { hover: hintAtLink, leave: clearHint }));
  terminal.unicode.activeVersion = "11";
  return { terminal, fit, search, ready: fontReady(fontSize) };
}

async function fontReady(fontSize: number): Promise<void> {
  try {
    await document.fonts?.load(`${fontSize}px ${FONT}`);
  } catch {
    // The next font of the list is used.
  }
}

/** Programs print links; only web addresses are followed, and only on purpose. */
function openLink(event: MouseEvent, address: string): void {
  const isMeant = isMac ? event.metaKey : event.ctrlKey;
  if (!isMeant || !/^https?:\/\//i.test(address)) return;
  urlOpen({ url: address }).catch((thrown: unknown) => showFailure(toFailure(thrown)));
}

function hintAtLink(event: MouseEvent): void {
  if (event.target instanceof HTMLElement) event.target.title = messages.terminal.openLink(isMac);
}

function clearHint(event: MouseEvent): void {
  if (event.target instanceof HTMLElement) event.target.title = "";
}
