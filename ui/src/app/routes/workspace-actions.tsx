/* Fills the registry of workspace actions from the features. */
import {
  AppWindow,
  ArrowDown,
  ArrowUp,
  ClipboardPaste,
  Code,
  Copy,
  GitBranch,
  Globe,
  Hammer,
  HandHelping,
  Link,
  Pencil,
  Play,
  RotateCw,
  ScrollText,
  Square,
  SquareTerminal,
  Star,
  StarOff,
  Trash2,
} from "lucide-react";
import { openDialog } from "@/app/dialogs";
import { copyLink } from "@/app/links";
import { goTo, paths } from "@/app/navigation";
import {
  isDesktop,
  openPage,
  restartWorkspace,
  setFavourite,
  startWorkspace,
  stopWorkspace,
} from "@/app/operations";
import type { Possible, WorkspaceAction } from "@/app/workspace-actions";
import { releaseWorkspace } from "@/features/adopt";
import { startTransfer } from "@/features/git";
import { openLog } from "@/features/logs";
import { EDITORS, editorIcon, isMissing, openIn } from "@/features/open-in";
import { openTerminal } from "@/features/terminal";
import type { Abilities, ConnectionView, WorkspaceState, WorkspaceView } from "@/ipc";
import { messages } from "@/messages";

const words = messages.workspaces.actions;
const RUNNING: WorkspaceState[] = ["running"];
const STARTABLE: WorkspaceState[] = ["created", "stopped", "error", "paused"];
const REBUILDABLE: WorkspaceState[] = ["running", "created", "stopped", "error"];
const STOPPABLE: WorkspaceState[] = ["running", "starting", "paused"];

/** Needs a live server that can do it, and a workspace in one of the states. */
function needs(
  view: WorkspaceView,
  connection: ConnectionView | undefined,
  ability: keyof Abilities,
  states?: WorkspaceState[],
): Possible {
  if (states && !states.includes(view.workspace.state)) return false;
  if (connection?.state.state !== "connected" || view.stale_since !== null)
    return words.notConnected(view.connection_name);
  return connection.abilities?.[ability] ?? false;
}

/** As `needs`, and the workspace must be ours to change. */
function changes(
  view: WorkspaceView,
  connection: ConnectionView | undefined,
  states?: WorkspaceState[],
): Possible {
  const possible = needs(view, connection, "lifecycle", states);
  if (possible === true && !view.workspace.is_managed) return words.notOurs;
  return possible;
}

const sshPort = (view: WorkspaceView) =>
  view.workspace.ports.some(({ label, server_port }) => label === "ssh" && server_port !== null);

/** Programs of this computer; missing ones stay in the menu and say how to get them. */
const openInActions = EDITORS.map(
  (editor): WorkspaceAction => ({
    id: `workspace.open-in.${editor}`,
    title: () => messages.openIn.openIn(editor),
    icon: editorIcon(editor),
    group: 0,
    submenu: messages.openIn.menu,
    shortTitle: messages.openIn.short[editor],
    remark: () => (isMissing(editor) ? messages.openIn.notInstalled : undefined),
    when: (view, connection) => sshPort(view) && needs(view, connection, "ssh_access", RUNNING),
    run: (view) => void openIn(view.workspace_ref, view.workspace.name, editor),
  }),
);

/** Git runs programs, puts files and reaches the SSH port. */
function usesGit(view: WorkspaceView, connection: ConnectionView | undefined): Possible {
  const isAble = connection?.abilities?.exec && connection.abilities.files;
  return isAble ? needs(view, connection, "endpoints", RUNNING) : false;
}

const hasIde = (view: WorkspaceView) => view.workspace.web_ide !== null;

export const workspaceActions: readonly WorkspaceAction[] = [
  {
    id: "workspace.open-ide",
    title: () => words.openIde,
    icon: <Code />,
    group: 0,
    when: (view, connection) => hasIde(view) && needs(view, connection, "endpoints", RUNNING),
    run: (view) => void openPage(view.workspace_ref, "preferred"),
  },
  {
    id: "workspace.open-ide-window",
    title: () => words.openIdeWindow,
    icon: <AppWindow />,
    group: 0,
    when: (view, connection) => hasIde(view) && isDesktop() && needs(view, connection, "endpoints", RUNNING),
    run: (view) => void openPage(view.workspace_ref, "window"),
  },
  {
    id: "workspace.open-ide-browser",
    title: () => words.openIdeBrowser,
    icon: <Globe />,
    group: 0,
    when: (view, connection) => hasIde(view) && needs(view, connection, "endpoints", RUNNING),
    run: (view) => void openPage(view.workspace_ref, "browser"),
  },
  ...openInActions,
  {
    id: "workspace.terminal",
    title: () => words.terminal,
    icon: <SquareTerminal />,
    group: 0,
    when: (view, connection) => needs(view, connection, "exec", RUNNING),
    run: (view) => openTerminal(view.workspace_ref),
  },
  {
    id: "workspace.logs",
    title: () => words.logs,
    icon: <ScrollText />,
    group: 0,
    when: (view, connection) => needs(view, connection, "logs"),
    run: (view) => openLog(view.workspace_ref),
  },
  {
    id: "workspace.git",
    title: () => messages.git.actions.show,
    icon: <GitBranch />,
    group: 0,
    when: (view, connection) => usesGit(view, connection),
    run: (view) => goTo(paths.workspace(view.workspace_ref, "git")),
  },
  {
    id: "workspace.git-push",
    title: () => messages.git.actions.push,
    icon: <ArrowUp />,
    group: 0,
    when: (view, connection) => usesGit(view, connection),
    run: (view) => void startTransfer(view.workspace_ref, "push"),
  },
  {
    id: "workspace.git-pull",
    title: () => messages.git.actions.pull,
    icon: <ArrowDown />,
    group: 0,
    when: (view, connection) => usesGit(view, connection),
    run: (view) => void startTransfer(view.workspace_ref, "pull"),
  },
  {
    id: "workspace.start",
    title: () => words.start,
    icon: <Play />,
    group: 1,
    when: (view, connection) => changes(view, connection, STARTABLE),
    run: (view) => void startWorkspace(view.workspace_ref),
  },
  {
    id: "workspace.stop",
    title: () => words.stop,
    icon: <Square className="size-3!" />,
    group: 1,
    when: (view, connection) => changes(view, connection, STOPPABLE),
    run: (view) => void stopWorkspace(view.workspace_ref),
  },
  {
    id: "workspace.restart",
    title: () => words.restart,
    icon: <RotateCw />,
    group: 1,
    when: (view, connection) => changes(view, connection, RUNNING),
    run: (view) => void restartWorkspace(view.workspace_ref),
  },
  {
    id: "workspace.favourite",
    title: (view) => (view.is_favourite ? words.unfavourite : words.favourite),
    icon: <Star />,
    group: 2,
    when: (view) => !view.is_favourite,
    run: (view) => void setFavourite(view, true),
  },
  {
    id: "workspace.unfavourite",
    title: () => words.unfavourite,
    icon: <StarOff />,
    group: 2,
    when: (view) => view.is_favourite,
    run: (view) => void setFavourite(view, false),
  },
  {
    id: "workspace.paste",
    title: () => messages.paste.action,
    icon: <ClipboardPaste />,
    group: 2,
    when: (view, connection) => needs(view, connection, "exec", RUNNING),
    run: (view) => openDialog({ dialog: "paste", workspace: view.workspace_ref }),
  },
  {
    id: "workspace.copy-name",
    title: () => words.copyName,
    icon: <Copy />,
    group: 2,
    when: () => true,
    run: (view) => void navigator.clipboard.writeText(view.workspace.name),
  },
  {
    id: "workspace.rebuild",
    title: () => words.rebuild,
    icon: <Hammer />,
    group: 3,
    when: (view, connection) => {
      if (needs(view, connection, "rebuild") === false) return false;
      return changes(view, connection, REBUILDABLE);
    },
    run: (view) => openDialog({ dialog: "rebuild-workspace", workspace: view.workspace_ref }),
  },
  {
    id: "workspace.copy-link",
    title: () => words.copyLink,
    icon: <Link />,
    group: 2,
    when: () => true,
    run: (view) => copyLink("workspace", view.connection_name, view.workspace.name),
  },
  {
    id: "workspace.adopt",
    title: (view) => (view.adoption ? messages.adopt.edit : messages.adopt.action),
    icon: <HandHelping />,
    group: 3,
    when: (view, connection) =>
      (view.adoption !== null || view.workspace.origin !== "moorline") && needs(view, connection, "adopt"),
    run: (view) => openDialog({ dialog: "adopt-workspace", workspace: view.workspace_ref }),
  },
  {
    id: "workspace.release",
    title: () => messages.adopt.release,
    icon: <HandHelping />,
    group: 3,
    when: (view) => view.adoption !== null,
    run: (view) => void releaseWorkspace(view),
  },
  {
    id: "workspace.rename",
    title: () => words.rename,
    icon: <Pencil />,
    group: 3,
    when: (view, connection) => changes(view, connection),
    run: (view) => openDialog({ dialog: "rename-workspace", workspace: view.workspace_ref }),
  },
  {
    id: "workspace.remove",
    title: () => words.remove,
    icon: <Trash2 />,
    group: 3,
    isDanger: true,
    when: (view, connection) => changes(view, connection),
    run: (view) => openDialog({ dialog: "remove-workspace", workspace: view.workspace_ref }),
  },
];
