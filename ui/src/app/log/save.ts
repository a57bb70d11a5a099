/* Saving a log: the core writes the whole of it to a file that the person picks; in a plain browser,
   which cannot, what is on the page goes to the downloads. */
import type { LogBuffer } from "@/components/log";
import { type Saved, toFailure } from "@/ipc";
import { messages } from "@/messages";
import { showFailure, showToast } from "../toasts";

const SAID_MS = 8000;

/** Saves with `save`, or downloads the buffer as `name` where the core cannot. Says what came of it. */
export async function saveLog(save: () => Promise<Saved>, buffer: LogBuffer, name: string): Promise<void> {
  try {
    const { path } = await save();
    if (path !== null) showToast({ tone: "ok", text: messages.logs.saved(path), expiresMs: SAID_MS });
  } catch (thrown) {
    const failure = toFailure(thrown);
    if (failure.code !== "unsupported") return showFailure(failure);
    download(buffer, name);
    const partly = buffer.isPartial ? { detail: messages.logs.partly(buffer.length) } : {};
    showToast({ tone: "ok", text: messages.logs.downloaded(name), expiresMs: SAID_MS, ...partly });
  }
}

function download(buffer: LogBuffer, name: string): void {
  const url = URL.createObjectURL(new Blob([...buffer.pieces()], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
