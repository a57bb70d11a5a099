/* Putting an image or text into a workspace as a file: used by terminals and by the dialog. */
import { formatBytes } from "@/components";
import {
  type Failure,
  type Pasted,
  type PasteKind,
  toFailure,
  type WorkspaceRef,
  workspacePaste,
} from "@/ipc";
import { messages } from "@/messages";
import { dismissToast, showFailure, showToast } from "./toasts";

const words = messages.paste;

/** As the core has it; asked here too, so that nothing larger is sent first. */
export const MOST_BYTES: Record<PasteKind, number> = { image: 10 * 1024 * 1024, text: 2 * 1024 * 1024 };

/** Why this cannot be pasted; null when it can. */
export function tooLarge(kind: PasteKind, data: Blob): Failure | null {
  const most = MOST_BYTES[kind];
  if (data.size <= most) return null;
  return {
    code: "invalid",
    message: words.tooLarge(formatBytes(data.size), formatBytes(most)),
    hint: words.tooLargeHint,
    field: "data",
    detail: null,
  };
}

/** Sends it; throws what the core refuses. */
export async function sendPaste(workspace: WorkspaceRef, kind: PasteKind, data: Blob): Promise<Pasted> {
  const refused = tooLarge(kind, data);
  if (refused) throw refused;
  return workspacePaste({ workspace, kind, data: await base64(data) });
}

/** Sends an image and says so; its path inside, or undefined when that failed. */
export async function pasteImage(
  workspace: WorkspaceRef,
  name: string,
  image: Blob,
): Promise<string | undefined> {
  const id = showToast({ tone: "info", text: words.pasting(words.image(formatBytes(image.size)), name) });
  try {
    const { path } = await sendPaste(workspace, "image", image);
    sayPasted(id, name, path);
    return path;
  } catch (thrown) {
    dismissToast(id);
    showFailure(toFailure(thrown));
    return undefined;
  }
}

/** Says where it is, and offers to copy that. */
export function sayPasted(id: string | undefined, name: string, path: string): void {
  const copy = () => void navigator.clipboard.writeText(path).catch(() => {});
  showToast({
    ...(id ? { id } : {}),
    tone: "ok",
    text: words.done(name),
    detail: path,
    action: { label: words.copyPath, run: copy },
    expiresMs: 10_000,
  });
}

/** The image that a paste brought. WebKitGTK gives a paste none: then the clipboard itself is asked. */
export async function pastedImage(data: DataTransfer | null): Promise<File | null> {
  return imageOf(data) ?? (data?.getData("text/plain") ? null : clipboardImage());
}

/** The image on the clipboard, where the page may see it; none beside text. */
export async function clipboardImage(): Promise<File | null> {
  try {
    const items = await navigator.clipboard.read();
    if (items.some(({ types }) => types.includes("text/plain"))) return null;
    for (const item of items) {
      const type = item.types.find((type) => type.startsWith("image/"));
      if (type) return new File([await item.getType(type)], "clipboard", { type });
    }
  } catch {
    // Refused, or not known to this browser: as if there were none.
  }
  return null;
}

/** The image that a paste brings, if it brings one and no text. */
function imageOf(data: DataTransfer | null): File | null {
  if (data?.getData("text/plain") !== "") return null;
  const files = [...data.files, ...[...data.items].flatMap((item) => item.getAsFile() ?? [])];
  return files.find(({ type }) => type.startsWith("image/")) ?? null;
}

async function base64(data: Blob): Promise<string> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(data);
  });
  return url.slice(url.indexOf(",") + 1);
}
