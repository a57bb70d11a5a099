/* The registry of what can be done to a workspace. Row buttons, "…" menus, context menus and the
   workspace's page all read it; app/routes fills it. */
import type { ReactNode } from "react";
import { create } from "zustand";
import type { MenuGroups } from "@/components";
import type { ConnectionView, WorkspaceView } from "@/ipc";

/** True: can be done. False: makes no sense here. A sentence: why it cannot be done now. */
export type Possible = boolean | string;

export interface WorkspaceAction {
  /** For example "workspace.stop". */
  id: string;
  title: (view: WorkspaceView) => string;
  icon: ReactNode;
  /** Actions of one group stand together in menus. */
  group: number;
  isDanger?: boolean;
  when: (view: WorkspaceView, connection: ConnectionView | undefined) => Possible;
  run: (view: WorkspaceView) => void;
}

export const useWorkspaceActions = create<{ actions: readonly WorkspaceAction[] }>(() => ({ actions: [] }));

export function provideWorkspaceActions(actions: readonly WorkspaceAction[]): void {
  useWorkspaceActions.setState({ actions });
}

/** Everything that can be done to this workspace, as a menu. */
export function workspaceMenu(
  actions: readonly WorkspaceAction[],
  view: WorkspaceView,
  connection: ConnectionView | undefined,
): MenuGroups {
  const groups = new Map<number, MenuGroups[number][number][]>();
  for (const action of actions) {
    const possible = action.when(view, connection);
    if (possible === false) continue;
    const entries = groups.get(action.group) ?? [];
    groups.set(action.group, entries);
    entries.push({
      id: action.id,
      label: action.title(view),
      icon: action.icon,
      run: () => action.run(view),
      ...(action.isDanger ? { isDanger: true } : {}),
      ...(typeof possible === "string" ? { isDisabled: true, remark: possible } : {}),
    });
  }
  return [...groups.keys()].sort((a, b) => a - b).map((group) => groups.get(group) ?? []);
}

/** The one action a row offers: what a person most likely wants of it now. */
export function mainAction(
  actions: readonly WorkspaceAction[],
  view: WorkspaceView,
  connection: ConnectionView | undefined,
): WorkspaceAction | undefined {
  return ["workspace.open-ide", "workspace.terminal", "workspace.start"]
    .map((id) => actions.find((action) => action.id === id))
    .find((action) => action?.when(view, connection) === true);
}
