/* The registry of what can be done to a workspace. Row buttons, "…" menus, context menus and the
   workspace's page all read it; app/routes fills it. */
import type { ReactNode } from "react";
import { create } from "zustand";
import type { MenuEntry, MenuGroups } from "@/components";
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
  /** The title of the menu inside the menu that it stands in. */
  submenu?: string;
  /** Its title there. */
  shortTitle?: string;
  /** A remark at the right, for example "not installed". */
  remark?: () => string | undefined;
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
  const groups = new Map<number, MenuEntry[]>();
  for (const action of actions) {
    const possible = action.when(view, connection);
    if (possible === false) continue;
    const group = groups.get(action.group) ?? [];
    groups.set(action.group, group);
    const entries = action.submenu ? within(group, action.submenu, action.icon) : group;
    const remark = action.remark?.();
    entries.push({
      id: action.id,
      label: action.shortTitle ?? action.title(view),
      icon: action.icon,
      run: () => action.run(view),
      ...(action.isDanger ? { isDanger: true } : {}),
      ...(remark ? { remark } : {}),
      ...(typeof possible === "string" ? { isDisabled: true, remark: possible } : {}),
    });
  }
  return [...groups.keys()].sort((a, b) => a - b).map((group) => groups.get(group) ?? []);
}

/** The entries of the menu inside this one that has the title. */
function within(group: MenuEntry[], title: string, icon: ReactNode): MenuEntry[] {
  const id = `menu:${title}`;
  const found = group.find((entry) => entry.id === id);
  if (found?.entries) return found.entries;
  const entries: MenuEntry[] = [];
  group.push({ id, label: title, icon, entries, run: () => {} });
  return entries;
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
