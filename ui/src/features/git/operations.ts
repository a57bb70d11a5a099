/* Push, pull and fetch as buttons, menus and the palette start them. */
import { goTo, paths } from "@/app/navigation";
import { attempt } from "@/app/operations";
import { followRun } from "@/app/run-notices";
import {
  type GitDirty,
  type GitState,
  gitFetch,
  gitPull,
  gitPush,
  gitState,
  gitTie,
  type RunStarted,
  type WorkspaceRef,
} from "@/ipc";

export type Direction = "push" | "pull";

const LEAVE: GitDirty = { type: "leave" };

async function begin(call: Promise<RunStarted>): Promise<void> {
  const started = await attempt(call);
  if (started) followRun(started.run_id);
}

export const fetchFrom = (workspace: WorkspaceRef) => begin(gitFetch({ workspace }));

export const tieTo = (workspace: WorkspaceRef, folder: string) => begin(gitTie({ workspace, folder }));

export const transfer = (workspace: WorkspaceRef, direction: Direction, dirty: GitDirty = LEAVE) =>
  begin(direction === "push" ? gitPush({ workspace, dirty }) : gitPull({ workspace, dirty }));

/** Whether a person has to say what becomes of changes in the workspace first. */
export function needsChoice({ here, there }: GitState, direction: Direction): boolean {
  if (!there || there.file_count === 0) return false;
  if (direction === "pull") return true;
  const same = branchOf(here) !== null && branchOf(here) === branchOf(there);
  return (
    same &&
    (there.file_count > there.files.length || there.files.some(({ change }) => change !== "untracked"))
  );
}

const branchOf = (side: GitState["here"]) => (side && side.head.type !== "detached" ? side.head.name : null);

/** From a menu: begins at once, or leads to the page where the choice is. */
export async function startTransfer(workspace: WorkspaceRef, direction: Direction): Promise<void> {
  const state = await attempt(gitState({ workspace }));
  if (!state) return;
  if (!state.link?.folder || needsChoice(state, direction)) goTo(paths.workspace(workspace, "git"));
  else await transfer(workspace, direction);
}
