/* Goes where something outside the page points: the tray, a notice of the system, a link. */
import { openDialog } from "@/app/dialogs";
import { goTo, paths } from "@/app/navigation";
import { findWorkspace, useCore } from "@/app/store";
import { showFailure } from "@/app/toasts";
import { showNotOpened } from "@/features/open-in";
import { openTerminal } from "@/features/terminal";
import type { LinkTarget, NavigateTarget, WorkspaceRef } from "@/ipc";

export function follow(target: NavigateTarget): void {
  switch (target.page) {
    case "home":
      return goTo(paths.home());
    case "workspaces":
      return goTo(paths.workspaces());
    case "tunnels":
      return goTo(paths.tunnels());
    case "tunnel":
      return goTo(paths.tunnel(target.tunnel_id));
    case "labs":
      return goTo(paths.labs());
    case "lab":
      return goTo(paths.lab(target.lab));
    case "settings":
      return goTo(paths.settings());
    case "workspace":
      return goTo(paths.workspace(target.workspace));
    case "run":
      return goTo(paths.run(target.run_id));
    case "connection":
      return goTo(paths.connection(target.connection_id));
    case "terminal":
      return openTerminal(target.workspace);
    case "not_opened":
      return showNotOpened(target.workspace, nameOf(target.workspace), target.editor, target.failure);
    case "failure":
      return showFailure(target.failure);
  }
}

const nameOf = (workspace: WorkspaceRef): string =>
  findWorkspace(useCore.getState(), workspace)?.workspace.name ?? "";

/** Follows a link to which the person said yes. */
export function followLink(target: LinkTarget): void {
  switch (target.target) {
    case "workspace":
      return goTo(paths.workspace(target.workspace));
    case "connection":
      return goTo(paths.connection(target.connection_id));
    case "tunnel":
      return goTo(paths.tunnel(target.tunnel_id));
    case "lab":
      return follow({ page: "lab", lab: target.lab });
    case "add_connection":
      return openDialog({ dialog: "add-connection", proposed: target });
    case "nowhere":
      return showFailure(target.failure);
  }
}
