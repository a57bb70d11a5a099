/* After an image was built for a workspace: leads to the form for the workspace, with the image chosen. */
import type { ConnectionId, RunId } from "@/ipc";
import { messages } from "@/messages";
import { openDialog, useDialogs } from "./dialogs";
import { useCore } from "./store";
import { showToast } from "./toasts";

/** Watches the build to its end. What it does not succeed in is told where every run is. */
export function createAfter(runId: RunId, connectionId: ConnectionId, image: string): void {
  const next = () => openDialog({ dialog: "create-workspace", connectionId, image });
  const look = () => {
    const run = useCore.getState().runs[runId];
    if (!run || run.status === "running") return;
    stop();
    if (run.status !== "succeeded") return;
    if (useDialogs.getState().open === null) return next();
    // What the person does meanwhile is not taken from them.
    const { afterBuild } = messages.images;
    showToast({ tone: "ok", text: afterBuild.text(image), action: { label: afterBuild.action, run: next } });
  };
  const stop = useCore.subscribe(look);
  look();
}
