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
    for (const terminal of terminals) show(terminal, known.get(terminal.id));
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

function show(terminal: Terminal, before: Terminal | undefined): void {
  const id = panelId(terminal.id);
  const isShown = useDock.getState().panels.some((panel) => panel.id === id);
  if (!before && !isShown) openPanel(panelOf(terminal));
  else if (before && titleOf(before) !== titleOf(terminal)) renamePanel(id, titleOf(terminal));
}

const titleOf = ({ title, ended }: Terminal): string => (ended ? messages.terminal.endedTitle(title) : title);

function panelOf(terminal: Terminal): DockPanel {
  const { id, workspace } = terminal;
  return {
    id: panelId(id),
    title: titleOf(terminal),
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
