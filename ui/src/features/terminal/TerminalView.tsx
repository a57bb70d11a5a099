import { Clipboard, ClipboardPaste, Eraser, Search, TextSelect } from "lucide-react";
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { isMac, shortcutKeys } from "@/app/actions";
import { clipboardImage, pastedImage, pasteImage } from "@/app/paste";
import { findWorkspace, useCore } from "@/app/store";
import { showToast } from "@/app/toasts";
import { ContextMenu, type MenuGroups } from "@/components";
import type { TerminalId } from "@/ipc";
import { messages } from "@/messages";
import { EndBar } from "./EndBar";
import { PasteDialog } from "./PasteDialog";
import { needsAsking, pastable } from "./paste";
import { SearchBar } from "./SearchBar";
import { makeScreen } from "./screen";
import type { TerminalSession } from "./session";
import { sessionOf } from "./sessions";

const words = messages.terminal;
const HIDE_CURSOR = "\u001b[?25l";

/** Shows one open terminal and types into it. */
export function TerminalView({ terminalId }: { terminalId: TerminalId }) {
  const [session] = useState(() => sessionOf(terminalId, makeScreen));
  const view = useCore((state) => state.terminals.find(({ id }) => id === terminalId));
  const attachment = useSyncExternalStore(session.subscribe, session.attachment);
  const [isSearching, setSearching] = useState(false);
  const [pasting, setPasting] = useState<string | null>(null);
  const host = useHost(session);
  const { terminal } = session.screen;
  const hasEnded = view?.ended != null;

  const enter = (text: string) => {
    setPasting(null);
    terminal.paste(text);
    terminal.focus();
  };
  const paste = (raw: string) => {
    const text = pastable(raw);
    if (text === "") return;
    if (needsAsking(text, terminal.modes.bracketedPasteMode)) setPasting(text);
    else enter(text);
  };
  useKeys(session, () => setSearching(true));
  const pasteFile = async (image: File) => {
    const workspace = view?.workspace;
    const name = workspace && findWorkspace(useCore.getState(), workspace)?.workspace.name;
    if (!workspace || !name) return;
    const path = await pasteImage(workspace, name, image);
    if (path) enter(path);
  };
  usePaste(session, paste, pasteFile);
  useEffect(() => {
    terminal.options.disableStdin = hasEnded;
    if (hasEnded) terminal.write(HIDE_CURSOR);
  }, [terminal, hasEnded]);

  const hasSelection = useHasSelection(terminal);
  const closeSearch = () => {
    setSearching(false);
    terminal.focus();
  };
  return (
    <div className="relative flex min-h-0 grow flex-col bg-side">
      <ContextMenu
        groups={menuOf(session, { hasSelection, paste, pasteFile, onSearch: () => setSearching(true) })}
      >
        {/* The terminal scrolls and takes the focus itself. */}
        <div
          ref={host}
          role="group"
          aria-label={words.name(view?.title ?? "")}
          className="min-h-0 grow pt-2.5 pb-1 pl-3.5"
        />
      </ContextMenu>
      {isSearching && <SearchBar screen={session.screen} onClose={closeSearch} />}
      <EndBar view={view} attachment={attachment} onAttach={() => session.attach()} />
      {pasting !== null && (
        <PasteDialog text={pasting} onPaste={() => enter(pasting)} onClose={() => setPasting(null)} />
      )}
    </div>
  );
}

/** Puts the session's element in place and keeps it as large as the place. */
function useHost(session: TerminalSession) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = host.current;
    if (!place) return;
    place.append(session.element);
    let wasVisible = false;
    const observer = new ResizeObserver(() => {
      const isVisible = place.clientWidth > 0;
      if (isVisible && !wasVisible) void session.begin().then(() => session.screen.terminal.focus());
      if (isVisible) session.fitSoon();
      wasVisible = isVisible;
    });
    observer.observe(place);
    return () => {
      observer.disconnect();
      if (session.element.parentElement === place) session.element.remove();
    };
  }, [session]);
  return host;
}

/** Keys that the program in the terminal does not get. */
function useKeys(session: TerminalSession, onSearch: () => void): void {
  useEffect(() => {
    const { terminal } = session.screen;
    terminal.attachCustomKeyEventHandler((event) => {
      const key = event.key.toLowerCase();
      const isOurs = isMac ? event.metaKey : event.ctrlKey && event.shiftKey;
      if (event.ctrlKey && key === "`") return false;
      if (!isOurs) return true;
      if (key === "v") return false;
      if (key !== "c" && key !== "f") return true;
      event.preventDefault();
      if (event.type !== "keydown") return false;
      if (key === "c") copySelection(session);
      else onSearch();
      return false;
    });
  });
}

/** Everything that is pasted passes by here before the terminal sees it. */
function usePaste(
  session: TerminalSession,
  paste: (text: string) => void,
  pasteFile: (image: File) => unknown,
): void {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      event.preventDefault();
      event.stopPropagation();
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (text !== "") paste(text);
      else void pastedImage(event.clipboardData).then((image) => image && pasteFile(image));
    };
    session.element.addEventListener("paste", onPaste, { capture: true });
    return () => session.element.removeEventListener("paste", onPaste, { capture: true });
  });
}

function copySelection({ screen }: TerminalSession): void {
  const text = screen.terminal.getSelection();
  if (text === "") return;
  navigator.clipboard.writeText(text).catch(() => {
    screen.terminal.focus();
    document.execCommand("copy");
  });
}

/** Whether something is selected now. */
function useHasSelection(terminal: TerminalSession["screen"]["terminal"]): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const listening = terminal.onSelectionChange(changed);
      return () => listening.dispose();
    },
    [terminal],
  );
  return useSyncExternalStore(subscribe, () => terminal.hasSelection());
}

interface MenuParts {
  hasSelection: boolean;
  paste: (text: string) => void;
  pasteFile: (image: File) => unknown;
  onSearch: () => void;
}

function menuOf(session: TerminalSession, parts: MenuParts): MenuGroups {
  const { hasSelection, paste, pasteFile, onSearch } = parts;
  const { terminal } = session.screen;
  const keys = (key: string) => shortcutKeys(isMac ? `Mod+${key}` : `Ctrl+Shift+${key}`);
  const pasteFromClipboard = async () => {
    const image = await clipboardImage();
    if (image) return pasteFile(image);
    try {
      paste(await navigator.clipboard.readText());
    } catch {
      showToast({ tone: "info", text: words.pasteRefused, detail: keys("V").join(" + ") });
    }
  };
  return [
    [
      {
        id: "copy",
        label: words.copy,
        icon: <Clipboard />,
        shortcut: keys("C"),
        isDisabled: !hasSelection,
        run: () => copySelection(session),
      },
      {
        id: "paste",
        label: words.paste,
        icon: <ClipboardPaste />,
        shortcut: keys("V"),
        run: () => void pasteFromClipboard(),
      },
      { id: "all", label: words.selectAll, icon: <TextSelect />, run: () => terminal.selectAll() },
    ],
    [
      { id: "find", label: words.find, icon: <Search />, shortcut: keys("F"), run: onSearch },
      { id: "clear", label: words.clear, icon: <Eraser />, run: () => terminal.clear() },
    ],
  ];
}
