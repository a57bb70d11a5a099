/* The server that a dialog works on: it never becomes another one because a connection was lost. */
import { useState } from "react";
import type { ConnectionId, ConnectionView } from "@/ipc";
import { useCore } from "./store";

export interface Target {
  /** None when no server can do it, or the connection was deleted. */
  target: ConnectionView | undefined;
  /** False while the target cannot do it, for example because it reconnects. */
  isThere: boolean;
  /** Those that can be chosen now, and the target. */
  servers: ConnectionView[];
  choose: (id: ConnectionId) => void;
}

/** `can` says which servers come into question; `first` is chosen if it is one of them. */
export function useTarget(can: (view: ConnectionView) => boolean, first?: ConnectionId): Target {
  const connections = useCore((state) => state.connections);
  const [chosen, choose] = useState<ConnectionId | null>(null);
  if (chosen === null) {
    const able = connections.filter(can);
    const begin = able.find(({ connection }) => connection.id === first) ?? able[0];
    if (begin) choose(begin.connection.id);
  }
  const target = connections.find(({ connection }) => connection.id === chosen);
  return {
    target,
    isThere: target !== undefined && can(target),
    servers: connections.filter((view) => view === target || can(view)),
    choose,
  };
}
