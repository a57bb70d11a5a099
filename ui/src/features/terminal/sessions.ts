/* The sessions of this page, one for each open terminal, and what they share: settings and colours. */
import { useCore } from "@/app/store";
import type { Settings, TerminalId, TerminalSize } from "@/ipc";
import type { Screen, ScreenOptions } from "./screen";
import { TerminalSession } from "./session";
import { onThemeChange, terminalTheme } from "./theme";

const FIRST_SIZE: TerminalSize = { columns: 120, rows: 30 };
const FONT_SIZE = 13;
const SCROLLBACK = 10_000;

const sessions = new Map<TerminalId, TerminalSession>();
/** Opened by this page, so that nothing was printed before it listened. */
const opened = new Set<TerminalId>();
let lastSize = FIRST_SIZE;

/** The size that a new terminal most likely has. */
export const likelySize = (): TerminalSize => lastSize;

export const rememberOpened = (id: TerminalId): void => void opened.add(id);

/** The session of a terminal, made when it is first asked for. */
export function sessionOf(id: TerminalId, makeScreen: (options: ScreenOptions) => Screen): TerminalSession {
  const known = sessions.get(id);
  if (known) return known;
  const session = new TerminalSession(id, makeScreen(screenOptions()), opened.has(id));
  sessions.set(id, session);
  session.screen.terminal.onResize(({ cols, rows }) => {
    lastSize = { columns: cols, rows };
  });
  return session;
}

/** Ends the sessions of terminals that are no longer there. */
export function keepOnly(ids: ReadonlySet<TerminalId>): void {
  for (const [id, session] of sessions) {
    if (ids.has(id)) continue;
    sessions.delete(id);
    opened.delete(id);
    session.dispose();
  }
}

/** Attaches again what lost its stream, after the page found the core again. */
export function attachLost(): void {
  for (const session of sessions.values()) {
    if (session.attachment().at === "lost") session.attach();
  }
}

/** Follows settings and the colour scheme; returns how to stop. */
export function followLook(): () => void {
  const stopTheme = onThemeChange(() => {
    const theme = terminalTheme();
    for (const { screen } of sessions.values()) screen.terminal.options.theme = theme;
  });
  const stopSettings = useCore.subscribe((state, before) => {
    if (state.settings && state.settings !== before.settings) applySettings(state.settings);
  });
  return () => {
    stopTheme();
    stopSettings();
  };
}

function screenOptions(): ScreenOptions {
  const settings = useCore.getState().settings;
  return {
    fontSize: settings?.terminal_font_size ?? FONT_SIZE,
    scrollback: settings?.terminal_scrollback ?? SCROLLBACK,
  };
}

function applySettings(settings: Settings): void {
  for (const session of sessions.values()) {
    session.screen.terminal.options.fontSize = settings.terminal_font_size;
    session.screen.terminal.options.scrollback = settings.terminal_scrollback;
    session.fitSoon();
  }
}
