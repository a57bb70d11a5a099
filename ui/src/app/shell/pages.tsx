/* The pages of the side bar, in its order: one entry each. Shortcuts and the palette read them too. */
import { Activity, Box, Cable, HardDrive, House, Layers, Plug, Settings, Waypoints } from "lucide-react";
import type { ReactNode } from "react";
import { paths } from "@/app/navigation";
import type { CoreState } from "@/app/store";
import { messages } from "@/messages";

export interface Page {
  /** For example "runs"; its action is "go.runs". */
  id: string;
  path: string;
  label: string;
  icon: ReactNode;
  /** Above the connections, or at the foot of the side bar. */
  place: "top" | "bottom";
  shortcut: string;
  /** The number behind the name; nothing is shown for 0. */
  count?: (state: CoreState) => number;
}

const words = messages.shell;

export const PAGES: readonly Page[] = [
  {
    id: "home",
    path: paths.home(),
    label: words.home,
    icon: <House />,
    place: "top",
    shortcut: "Mod+1",
  },
  {
    id: "workspaces",
    path: paths.workspaces(),
    label: words.workspaces,
    icon: <Box />,
    place: "top",
    shortcut: "Mod+2",
    count: ({ workspaces }) => Object.values(workspaces).reduce((sum, list) => sum + list.length, 0),
  },
  {
    id: "labs",
    path: paths.labs(),
    label: words.labs,
    icon: <Waypoints />,
    place: "top",
    shortcut: "Mod+3",
    count: ({ labs }) => Object.values(labs).reduce((sum, list) => sum + list.length, 0),
  },
  {
    id: "tunnels",
    path: paths.tunnels(),
    label: words.tunnels,
    icon: <Cable />,
    place: "top",
    shortcut: "Mod+4",
    count: ({ tunnels }) => Object.keys(tunnels).length,
  },
  {
    id: "images",
    path: paths.images(),
    label: words.images,
    icon: <Layers />,
    place: "top",
    shortcut: "Mod+5",
  },
  {
    id: "volumes",
    path: paths.volumes(),
    label: words.volumes,
    icon: <HardDrive />,
    place: "top",
    shortcut: "Mod+6",
  },
  {
    id: "runs",
    path: paths.runs(),
    label: words.runs,
    icon: <Activity />,
    place: "top",
    shortcut: "Mod+7",
    count: ({ runs }) => Object.values(runs).filter(({ status }) => status === "running").length,
  },
  {
    id: "connections",
    path: paths.connections(),
    label: words.connections,
    icon: <Plug />,
    place: "bottom",
    shortcut: "Mod+8",
  },
  {
    id: "settings",
    path: paths.settings(),
    label: words.settings,
    icon: <Settings />,
    place: "bottom",
    shortcut: "Mod+,",
  },
];
