/* What the palette finds of the objects there are: workspaces, connections and tunnels with their actions, runs. */
import { Activity, Box, Cable, Server, Waypoints } from "lucide-react";
import { useConnectionActions } from "@/app/connection-actions";
import { labActions } from "@/app/lab-actions";
import { goTo, paths } from "@/app/navigation";
import type { PaletteItem } from "@/app/palette";
import { connectionStatus, labStatus, tunnelStatus, workspaceStatus } from "@/app/status";
import { labKey, useCore, workspaceKey } from "@/app/store";
import { tunnelActions } from "@/app/tunnel-actions";
import { endsOf, pointText, throughOf } from "@/app/tunnels";
import { useWorkspaceActions } from "@/app/workspace-actions";
import { formatAge } from "@/components";
import { messages } from "@/messages";

const words = messages.palette;
/** Older runs are found on their page. */
const RUNS = 30;
/** Everyday actions stand before the rest, what loses something behind. */
const EVERYDAY = new Set(["workspace.open-ide", "workspace.terminal", "workspace.start", "workspace.stop"]);

export function workspaceItems(): PaletteItem[] {
  const { workspaces, connections } = useCore.getState();
  const { actions } = useWorkspaceActions.getState();
  const now = Date.now();
  return Object.values(workspaces)
    .flat()
    .flatMap((view) => {
      const { workspace, workspace_ref: ref, connection_name } = view;
      const connection = connections.find((one) => one.connection.id === ref.connection_id);
      const key = workspaceKey(ref);
      const able = actions
        .filter((action) => action.when(view, connection) === true)
        .map(
          (action): PaletteItem => ({
            id: `${action.id} ${key}`,
            title: words.workspace(action.id, action.title(view), workspace.name),
            detail: connection_name,
            icon: action.icon,
            weight: EVERYDAY.has(action.id) ? 0 : action.isDanger ? -6 : -3,
            run: () => action.run(view),
          }),
        );
      const page: PaletteItem = {
        id: `workspace ${key}`,
        title: workspace.name,
        detail: `${connection_name} · ${workspaceStatus(view, now).word}`,
        words: `${workspace.branch ?? ""} ${workspace.image}`,
        icon: <Box />,
        weight: -1,
        run: () => goTo(paths.workspace(ref)),
      };
      return [...able, page];
    });
}

export function connectionItems(): PaletteItem[] {
  const { actions } = useConnectionActions.getState();
  const now = Date.now();
  return useCore.getState().connections.flatMap((view) => {
    const { id, name } = view.connection;
    const able = actions
      .filter((action) => action.when(view))
      .map(
        (action): PaletteItem => ({
          id: `${action.id} ${id}`,
          title: words.connection(action.title, name),
          icon: action.icon,
          weight: action.isDanger ? -6 : -3,
          run: () => action.run(view),
        }),
      );
    const page: PaletteItem = {
      id: `connection ${id}`,
      title: words.showConnection(name),
      detail: connectionStatus(view.state, now).word,
      words: view.ssh_host?.addresses.map(({ host }) => host).join(" ") ?? "",
      icon: <Server />,
      weight: -1,
      run: () => goTo(paths.connection(id)),
    };
    return [page, ...able];
  });
}

export function labItems(): PaletteItem[] {
  const { labs, connections } = useCore.getState();
  const { of, show } = messages.labs.actions;
  const now = Date.now();
  return Object.values(labs)
    .flat()
    .flatMap((view) => {
      const { lab, lab_ref, connection_name } = view;
      const server = connections.find(({ connection }) => connection.id === lab_ref.connection_id);
      const able = labActions
        .filter((action) => action.when(view, server) === true)
        .map(
          (action): PaletteItem => ({
            id: `${action.id} ${labKey(lab_ref)}`,
            title: of(action.title, lab.name),
            detail: connection_name,
            icon: action.icon,
            weight: action.isDanger ? -6 : -3,
            run: () => action.run(view),
          }),
        );
      const page: PaletteItem = {
        id: `lab ${labKey(lab_ref)}`,
        title: show(lab.name),
        detail: `${connection_name} · ${labStatus(view, now).word}`,
        words: `${lab.owner ?? ""} ${lab.instance ?? ""}`,
        icon: <Waypoints />,
        weight: -1,
        run: () => goTo(paths.lab(lab_ref)),
      };
      return [page, ...able];
    });
}

export function tunnelItems(): PaletteItem[] {
  const now = Date.now();
  const { actions: titles } = messages.tunnels;
  return Object.values(useCore.getState().tunnels).flatMap((view) => {
    const { id, name } = view.tunnel;
    const { here, there } = endsOf(view);
    const able = tunnelActions
      .filter((action) => action.when(view))
      .map(
        (action): PaletteItem => ({
          id: `${action.id} ${id}`,
          title: titles.of(action.title(view), name),
          detail: throughOf(view),
          icon: action.icon,
          weight: action.isDanger ? -6 : -3,
          run: () => action.run(view),
        }),
      );
    const page: PaletteItem = {
      id: `tunnel ${id}`,
      title: titles.show(name),
      detail: tunnelStatus(view.state, now).word,
      words: `${pointText(here)} ${there ? pointText(there) : ""} ${throughOf(view)}`,
      icon: <Cable />,
      weight: -1,
      run: () => goTo(paths.tunnel(id)),
    };
    return [page, ...able];
  });
}

export function runItems(): PaletteItem[] {
  const now = Date.now();
  return Object.values(useCore.getState().runs)
    .sort((a, b) => b.started_at - a.started_at)
    .slice(0, RUNS)
    .map((run) => ({
      id: `run ${run.id}`,
      title: messages.runs.subject(run.verb, run.subject.name),
      detail: `${run.subject.connection_name} · ${words.runAgo(messages.runs.status[run.status], formatAge(run.started_at, now))}`,
      icon: <Activity />,
      weight: -4,
      run: () => goTo(paths.run(run.id)),
    }));
}
