/* Opening a workspace in a program of this computer: a missing program says how to get it, and a config
   that does not know Moorline's names leads to the question whether it may. */
import { create } from "zustand";
import { openDialog } from "@/app/dialogs";
import { showFailure, showToast } from "@/app/toasts";
import {
  type Editor,
  type EditorView,
  editorsList,
  type Failure,
  toFailure,
  urlOpen,
  type WorkspaceRef,
  workspaceOpenIn,
} from "@/ipc";
import { messages } from "@/messages";

const words = messages.openIn;

/** What is on this computer; empty until it was asked. */
export const useEditors = create<{ editors: readonly EditorView[] }>(() => ({ editors: [] }));

/** Looks which editors are on this computer. */
export async function loadEditors(): Promise<void> {
  try {
    useEditors.setState({ editors: (await editorsList()).editors });
  } catch {
    // Menus then offer all of them, and a missing one says so when it is opened.
  }
}

/** Whether the editor was looked for and not found. */
export const isMissing = (editor: Editor): boolean => editorOf(editor)?.program === null;

const editorOf = (editor: Editor): EditorView | undefined =>
  useEditors.getState().editors.find((view) => view.editor === editor);

/** Opens the workspace; shows what keeps it from that. */
export async function openIn(workspace: WorkspaceRef, name: string, editor: Editor): Promise<void> {
  const id = `open-in:${workspace.workspace_id}`;
  showToast({ id, tone: "info", text: words.opening(editor, name), expiresMs: 6000 });
  try {
    await workspaceOpenIn({ workspace, editor });
  } catch (thrown) {
    showNotOpened(workspace, name, editor, toFailure(thrown));
  }
}

/** Shows what kept a workspace from being opened, with the way on. */
export function showNotOpened(workspace: WorkspaceRef, name: string, editor: Editor, failure: Failure): void {
  if (failure.field === "ssh_config") openDialog({ dialog: "ssh-config", next: { workspace, name, editor } });
  else if (failure.field === "editor") offerToGet(editor, failure.message, failure.hint);
  else showFailure(failure);
}

function offerToGet(editor: Editor, text: string, hint: string | null): void {
  const view = editorOf(editor);
  showToast({
    tone: "err",
    text,
    ...(hint ? { detail: hint } : {}),
    ...(view
      ? {
          action: {
            label: words.get(view.name),
            run: () => void urlOpen({ url: view.page }).catch(() => {}),
          },
        }
      : {}),
  });
}
