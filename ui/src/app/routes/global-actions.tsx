/* The actions that are there on every page. */
import {
  Bell,
  Cable,
  Columns2,
  Download,
  Eraser,
  Hammer,
  Import,
  Keyboard,
  LibraryBig,
  LifeBuoy,
  PanelBottom,
  Plug,
  Plus,
  RefreshCw,
  ScrollText,
  Search,
  Undo2,
  Waypoints,
} from "lucide-react";
import { type Action, isTyping } from "@/app/actions";
import { openDialog } from "@/app/dialogs";
import { movePanel, setDockOpen, useDock } from "@/app/dock";
import { goTo, paths } from "@/app/navigation";
import { attempt } from "@/app/operations";
import { openPalette } from "@/app/palette";
import { PAGES } from "@/app/shell/pages";
import { useCore } from "@/app/store";
import { canUndo, undoNewest } from "@/app/undo";
import { useBell } from "@/features/notifications";
import { workspacesRefresh } from "@/ipc";
import { messages } from "@/messages";

const titles = messages.shell;
const hasImages = () => useCore.getState().connections.some(({ abilities }) => abilities?.images);
const hasLabs = () => useCore.getState().connections.some(({ labs }) => labs !== null);
const canCreate = () => useCore.getState().connections.some(({ abilities }) => abilities?.apply);

export const globalActions: readonly Action[] = [
  {
    id: "palette.open",
    icon: <Search />,
    title: messages.palette.open,
    shortcut: "Mod+K",
    also: ["Mod+Shift+P"],
    run: openPalette,
  },
  {
    id: "workspaces.new",
    icon: <Plus />,
    title: messages.workspaces.newOne,
    shortcut: "n",
    when: canCreate,
    run: () => openDialog({ dialog: "create-workspace" }),
  },
  {
    id: "labs.new",
    icon: <Waypoints />,
    title: messages.labs.newDots,
    when: hasLabs,
    run: () => openDialog({ dialog: "new-lab" }),
  },
  {
    id: "go.templates",
    icon: <LibraryBig />,
    title: messages.templates.title,
    run: () => goTo(paths.templates()),
  },
  {
    id: "tunnels.new",
    icon: <Cable />,
    title: messages.tunnels.newDots,
    run: () => openDialog({ dialog: "tunnel" }),
  },
  {
    id: "tunnels.import",
    icon: <Import />,
    title: messages.tunnels.importAction,
    run: () => openDialog({ dialog: "import-tunnels" }),
  },
  {
    id: "connections.add",
    icon: <Plug />,
    title: messages.connections.add,
    run: () => openDialog({ dialog: "add-connection" }),
  },
  {
    id: "connections.import",
    icon: <Import />,
    title: messages.importing.action,
    run: () => openDialog({ dialog: "import" }),
  },
  ...PAGES.map(({ id, label, icon, shortcut, path }) => ({
    id: `go.${id}`,
    title: label,
    icon,
    shortcut,
    run: () => goTo(path),
  })),
  {
    id: "images.build",
    icon: <Hammer />,
    title: messages.images.buildDots,
    when: hasImages,
    run: () => openDialog({ dialog: "build-image" }),
  },
  {
    id: "images.build-dev",
    icon: <Hammer />,
    title: messages.images.buildDev,
    when: hasImages,
    run: () => openDialog({ dialog: "build-image", source: "dev_image" }),
  },
  {
    id: "images.pull",
    icon: <Download />,
    title: messages.images.pullForm.title,
    when: hasImages,
    run: () => openDialog({ dialog: "pull-image" }),
  },
  {
    id: "images.prune",
    icon: <Eraser />,
    title: messages.images.pruneForm.title,
    when: hasImages,
    run: () => openDialog({ dialog: "prune-images" }),
  },
  {
    id: "dock.toggle",
    icon: <PanelBottom />,
    title: messages.dock.toggle,
    shortcut: "Mod+`",
    when: () => useDock.getState().panels.length > 0,
    run: () => setDockOpen(!useDock.getState().isOpen),
  },
  {
    id: "dock.split",
    icon: <Columns2 />,
    title: messages.dock.split,
    when: () => useDock.getState().panels.length > 1,
    run: () => {
      const { activeId } = useDock.getState();
      if (activeId) movePanel(activeId);
    },
  },
  { id: "go.log", icon: <ScrollText />, title: messages.journal.name, run: () => goTo(paths.log()) },
  {
    id: "go.support",
    icon: <LifeBuoy />,
    title: messages.support.title,
    run: () => goTo(paths.support()),
  },
  {
    id: "shortcuts.show",
    icon: <Keyboard />,
    title: titles.shortcuts.title,
    shortcut: "?",
    run: () => openDialog({ dialog: "shortcuts" }),
  },
  {
    id: "notifications.open",
    title: messages.notifications.title,
    icon: <Bell />,
    run: () => useBell.setState({ isOpen: true }),
  },
  {
    id: "undo",
    icon: <Undo2 />,
    title: messages.notices.undoLast,
    shortcut: "Mod+Z",
    // In a field the same keys take back what was typed.
    when: () => canUndo() && !isTyping(document.activeElement),
    run: undoNewest,
  },
  {
    id: "workspaces.refresh",
    icon: <RefreshCw />,
    title: messages.workspaces.refresh,
    run: () => void attempt(workspacesRefresh()),
  },
];
