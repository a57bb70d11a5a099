/* What can be done to a tunnel. Row buttons, menus, the detail and the palette all read it. */
import {
  Check,
  Copy,
  CopyPlus,
  Globe,
  Link,
  Pencil,
  Play,
  RefreshCw,
  Shuffle,
  Square,
  Star,
  StarOff,
  Terminal,
  Trash2,
} from "lucide-react";
import type { ReactNode } from "react";
import type { MenuGroups } from "@/components";
import type { TunnelView } from "@/ipc";
import { messages } from "@/messages";
import { openDialog } from "./dialogs";
import { copyLink } from "./links";
import {
  browseTunnel,
  copyAddress,
  copyCommand,
  removeTunnel,
  retryTunnel,
  setTunnelFavourite,
  startTunnel,
  stopTunnel,
} from "./tunnel-operations";
import { isDown } from "./tunnels";

export interface TunnelAction {
  /** For example "tunnel.stop". */
  id: string;
  title: (view: TunnelView) => string;
  /** On a button, where the object is plain. */
  shortTitle?: string;
  icon: ReactNode;
  /** Actions of one group stand together in menus. */
  group: number;
  isDanger?: boolean;
  when: (view: TunnelView) => boolean;
  run: (view: TunnelView) => void;
}

const words = messages.tunnels.actions;

const freePort = ({ state }: TunnelView): number | null =>
  state.state === "port_taken" ? state.free_port : null;

/** Something a browser can show: a port of this computer that leads somewhere known. */
const isBrowsable = (view: TunnelView): boolean =>
  view.tunnel.route.kind === "local" && view.tunnel.route.listen.at === "tcp" && !isDown(view);

export const tunnelActions: readonly TunnelAction[] = [
  {
    id: "tunnel.browse",
    title: () => words.browse,
    shortTitle: words.open,
    icon: <Globe />,
    group: 0,
    when: isBrowsable,
    run: (view) => void browseTunnel(view),
  },
  {
    id: "tunnel.copy",
    title: () => words.copy,
    shortTitle: words.copyShort,
    icon: <Copy />,
    group: 0,
    when: () => true,
    run: copyAddress,
  },
  {
    id: "tunnel.copy-command",
    title: () => words.copyCommand,
    icon: <Terminal />,
    group: 0,
    when: () => true,
    run: (view) => void copyCommand(view),
  },
  {
    id: "tunnel.reconnect",
    title: () => words.reconnect,
    icon: <RefreshCw />,
    group: 1,
    when: ({ state }) => state.state === "reconnecting",
    run: (view) => void retryTunnel(view),
  },
  {
    id: "tunnel.check",
    title: () => words.check,
    icon: <Check />,
    group: 1,
    when: ({ state }) => state.state === "open" || state.state === "target_down",
    run: (view) => void retryTunnel(view),
  },
  {
    id: "tunnel.use-port",
    title: (view) => words.usePort(freePort(view) ?? 0),
    icon: <Shuffle />,
    group: 1,
    when: (view) => freePort(view) !== null,
    run: (view) => void startTunnel(view, freePort(view)),
  },
  {
    id: "tunnel.start",
    title: () => words.start,
    icon: <Play />,
    group: 1,
    when: isDown,
    run: (view) => void startTunnel(view),
  },
  {
    id: "tunnel.stop",
    title: () => words.stop,
    icon: <Square className="size-3!" />,
    group: 1,
    when: ({ state }) => state.state !== "stopped",
    run: (view) => void stopTunnel(view),
  },
  {
    id: "tunnel.edit",
    title: () => words.edit,
    shortTitle: words.editShort,
    icon: <Pencil />,
    group: 2,
    when: () => true,
    run: ({ tunnel }) => openDialog({ dialog: "tunnel", tunnel, isCopy: false }),
  },
  {
    id: "tunnel.duplicate",
    title: () => words.duplicate,
    icon: <CopyPlus />,
    group: 2,
    when: () => true,
    run: ({ tunnel }) => openDialog({ dialog: "tunnel", tunnel, isCopy: true }),
  },
  {
    id: "tunnel.copy-link",
    title: () => words.copyLink,
    icon: <Link />,
    group: 2,
    when: () => true,
    run: ({ tunnel }) => copyLink("tunnel", tunnel.name),
  },
  {
    id: "tunnel.favourite",
    title: () => words.favourite,
    icon: <Star />,
    group: 2,
    when: ({ tunnel }) => !tunnel.options.is_favourite,
    run: (view) => void setTunnelFavourite(view, true),
  },
  {
    id: "tunnel.unfavourite",
    title: () => words.unfavourite,
    icon: <StarOff />,
    group: 2,
    when: ({ tunnel }) => tunnel.options.is_favourite,
    run: (view) => void setTunnelFavourite(view, false),
  },
  {
    id: "tunnel.remove",
    title: () => words.remove,
    icon: <Trash2 />,
    group: 3,
    isDanger: true,
    when: () => true,
    run: (view) => void removeTunnel(view),
  },
];

/** The first of these that can be done to it. */
export const firstAction = (view: TunnelView, ...ids: string[]): TunnelAction | undefined =>
  ids
    .map((id) => tunnelActions.find((action) => action.id === id))
    .find((action) => action?.when(view) === true);

/** Everything that can be done to it, as a menu. */
export function tunnelMenu(view: TunnelView): MenuGroups {
  const able = tunnelActions.filter((action) => action.when(view));
  return [...new Set(able.map(({ group }) => group))].map((group) =>
    able
      .filter((action) => action.group === group)
      .map((action) => ({
        id: action.id,
        label: action.title(view),
        icon: action.icon,
        run: () => action.run(view),
        ...(action.isDanger ? { isDanger: true } : {}),
      })),
  );
}
