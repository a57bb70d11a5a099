/* Goes where something outside the page points: the tray, a notice of the system, a link. */
import { openDialog } from "@/app/dialogs";
import { goTo, paths } from "@/app/navigation";
import { showFailure } from "@/app/toasts";
import { openTerminal } from "@/features/terminal";
import type { LinkTarget, NavigateTarget } from "@/ipc";

export function follow(target: NavigateTarget): void {
  switch (target.page) {
    case "home":
      return goTo(paths.home());
    case "workspaces":
      return goTo(paths.workspaces());
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
    case "failure":
      return showFailure(target.failure);
  }
}

/** Follows a link to which the person said yes. */
export function followLink(target: LinkTarget): void {
  switch (target.target) {
    case "workspace":
      return goTo(paths.workspace(target.workspace));
    case "connection":
      return goTo(paths.connection(target.connection_id));
    case "add_connection":
      return openDialog({ dialog: "add-connection", proposed: target });
    case "nowhere":
      return showFailure(target.failure);
  }
}
