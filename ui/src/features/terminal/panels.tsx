/* The terminals of the core as panels of the dock: opened, named, and taken away with them. */
import { SquareTerminal } from "lucide-react";
import { lazy, Suspense } from "react";
import { closePanel, type DockPanel, openPanel, renamePanel, useDock } from "@/app/dock";
import { useCore } from "@/app/store";
import { onLink, type TerminalView as Terminal, type TerminalId, terminalClose } from "@/ipc";
import { messages } from "@/messages";
import { panelId } from "./open";
import { attachLost, followLook, keepOnly } from "./sessions";

/** The emulator is large, and loaded with the first terminal. */
const TerminalView = lazy(async () => ({ default: (await import("./TerminalView")).TerminalView }));

/** Keeps the dock's panels like the core's terminals, also after the page was loaded anew. */
export function followTerminals(): () => void {
  let known = new Map<TerminalId, Terminal>();
  const apply = (terminals: readonly Terminal[]) => {
    const next = new Map(terminals.map((terminal) => [terminal.id, terminal]));
    for (const terminal of terminals) show(terminal, titleIn(terminals, terminal), known.has(terminal.id));
    for (const id of known.keys()) if (!next.has(id)) closePanel(panelId(id));
    known = next;
    keepOnly(new Set(next.keys()));
  };
  apply(useCore.getState().terminals);
  const stopList = useCore.subscribe((state, before) => {
    if (state.terminals !== before.terminals) apply(state.terminals);
  });
  const stopLink = onLink((link) => link === "open" && attachLost());
  const stopLook = followLook();
  return () => {
    stopList();
    stopLink();
    stopLook();
  };
}

function show(terminal: Terminal, title: string, wasKnown: boolean): void {
  const id = panelId(terminal.id);
  const shown = useDock.getState().panels.find((panel) => panel.id === id);
  if (!shown && !wasKnown) openPanel(panelOf(terminal, title));
  else if (shown && shown.title !== title) renamePanel(id, title);
}

/** The title with a number where an older terminal has the same, and that it ended. */
function titleIn(all: readonly Terminal[], { id, title, ended }: Terminal): string {
  const peers = all.filter((other) => other.title === title);
  const position = peers.findIndex((other) => other.id === id) + 1;
  const own = position > 1 ? messages.terminal.numbered(title, position) : title;
  return ended ? messages.terminal.endedTitle(own) : own;
}

function panelOf(terminal: Terminal, title: string): DockPanel {
  const { id, workspace } = terminal;
  return {
    id: panelId(id),
    title,
    icon: <SquareTerminal />,
    workspace,
    content: (
      <Suspense fallback={null}>
        <TerminalView terminalId={id} />
      </Suspense>
    ),
    onClose: () => {
      terminalClose({ terminal_id: id }).catch(() => {
        // It is gone already.
      });
    },
  };
}
