/* Letting an adopted workspace go, which can be taken back. */
import { attempt } from "@/app/operations";
import { offerUndo } from "@/app/undo";
import { type WorkspaceView, workspaceAdopt, workspaceRelease } from "@/ipc";
import { messages } from "@/messages";

export async function releaseWorkspace({ workspace_ref, workspace, adoption }: WorkspaceView): Promise<void> {
  const done = await attempt(workspaceRelease({ workspace: workspace_ref }));
  if (!done) return;
  offerUndo(messages.adopt.released(workspace.name), () => {
    void attempt(workspaceAdopt({ workspace: workspace_ref, user: adoption?.user ?? null }));
  });
}
