/* Export, and going back to the default settings, with what is said afterwards. */
import { useCore } from "@/app/store";
import { showFailure, showToast } from "@/app/toasts";
import { settingsReset, settingsSet, toFailure, transferExport, transferText } from "@/ipc";
import { messages } from "@/messages";

const words = messages.settings.data;
const SAID_MS = 8000;
const UNDO_MS = 10_000;
const FILE = "moorline.toml";

/** Saves the export to a file, or downloads it where the host cannot ask for one. */
export async function exportEverything(): Promise<void> {
  try {
    const { path } = await transferExport();
    if (path !== null) showToast({ tone: "ok", text: words.exported(path), expiresMs: SAID_MS });
  } catch (thrown) {
    const failure = toFailure(thrown);
    if (failure.code !== "unsupported") return showFailure(failure);
    try {
      const { text } = await transferText();
      download(text);
      showToast({ tone: "ok", text: words.downloaded(FILE), expiresMs: SAID_MS });
    } catch (again) {
      showFailure(toFailure(again));
    }
  }
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/toml" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = FILE;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** All settings at their defaults, with a way back. */
export async function restoreDefaults(): Promise<void> {
  const before = useCore.getState().settings;
  try {
    useCore.setState({ settings: await settingsReset() });
  } catch (thrown) {
    return showFailure(toFailure(thrown));
  }
  showToast({
    id: "defaults",
    tone: "ok",
    text: words.restored,
    expiresMs: UNDO_MS,
    ...(before
      ? {
          action: {
            label: words.undo,
            run: () => void settingsSet(before).catch((thrown) => showFailure(toFailure(thrown))),
          },
        }
      : {}),
  });
}
