/* Fills the registry of connection actions from the features. */
import { Box, Link, Plug, Stethoscope, Trash2, Unplug, Wrench } from "lucide-react";
import type { ConnectionAction } from "@/app/connection-actions";
import { openDialog } from "@/app/dialogs";
import { copyLink } from "@/app/links";
import { goTo, paths } from "@/app/navigation";
import { connect, disconnect } from "@/app/operations";
import { messages } from "@/messages";

const words = messages.connections;

export const connectionActions: readonly ConnectionAction[] = [
  {
    id: "connection.connect",
    title: words.connect,
    icon: <Plug />,
    when: ({ state }) =>
      state.state === "disconnected" || state.state === "failed" || state.state === "reconnecting",
    run: ({ connection }) => void connect(connection.id),
  },
  {
    id: "connection.disconnect",
    title: words.disconnect,
    icon: <Unplug />,
    when: ({ state }) => state.state !== "disconnected" && state.state !== "failed",
    run: ({ connection }) => void disconnect(connection.id, connection.name),
  },
  {
    id: "connection.test",
    title: messages.doctor.test,
    icon: <Stethoscope />,
    when: () => true,
    run: ({ connection }) => goTo(paths.connectionTest(connection.id)),
  },
  {
    id: "connection.set-up",
    title: messages.setup.action,
    icon: <Wrench />,
    when: ({ ssh_host }) => ssh_host !== null,
    run: ({ connection }) => goTo(paths.connectionSetup(connection.id)),
  },
  {
    id: "connection.new-workspace",
    title: words.newWorkspace,
    icon: <Box />,
    when: ({ abilities }) => abilities?.apply === true,
    run: ({ connection }) => openDialog({ dialog: "create-workspace", connectionId: connection.id }),
  },
  {
    id: "connection.copy-link",
    title: words.copyLink,
    icon: <Link />,
    when: () => true,
    run: ({ connection }) => copyLink("connection", connection.name),
  },
  {
    id: "connection.remove",
    title: words.remove,
    icon: <Trash2 />,
    isDanger: true,
    when: () => true,
    run: ({ connection }) => openDialog({ dialog: "delete-connection", connectionId: connection.id }),
  },
];
