import { Code, Monitor, SquareTerminal } from "lucide-react";
import type { ReactNode } from "react";
import type { MenuEntry } from "@/components";
import type { Editor, EditorView } from "@/ipc";
import { messages } from "@/messages";

const words = messages.openIn;

/** All editors, in the order of menus. */
export const EDITORS: readonly Editor[] = [
  "vs_code",
  "cursor",
  "windsurf",
  "zed",
  "jetbrains_gateway",
  "terminal",
];

export const editorIcon = (editor: Editor): ReactNode =>
  editor === "terminal" ? <SquareTerminal /> : editor === "jetbrains_gateway" ? <Monitor /> : <Code />;

/** The editors as a menu: the preferred one first, those that are missing say so. */
export function editorMenu(
  editors: readonly EditorView[],
  favourite: Editor,
  run: (editor: Editor) => void,
): MenuEntry[] {
  const order = [favourite, ...EDITORS.filter((editor) => editor !== favourite)];
  return order.map((editor) => {
    const isMissing = editors.some((view) => view.editor === editor && view.program === null);
    return {
      id: `workspace.open-in.${editor}`,
      label: words.short[editor],
      icon: editorIcon(editor),
      run: () => run(editor),
      ...(isMissing ? { remark: words.notInstalled } : {}),
    };
  });
}
