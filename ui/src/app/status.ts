/* States as a dot and a word, the same on every page. */
import type { StatusTone } from "@/components";
import { formatMoment, secondsUntil } from "@/components";
import type {
  ConnectionState,
  LabState,
  LabView,
  NodeState,
  TunnelState,
  WorkspaceState,
  WorkspaceView,
} from "@/ipc";
import { messages } from "@/messages";

export interface Status {
  tone: StatusTone;
  word: string;
}

const WORKSPACE_TONES: Record<WorkspaceState, StatusTone> = {
  created: "idle",
  starting: "busy",
  running: "ok",
  paused: "warn",
  stopping: "busy",
  stopped: "idle",
  removing: "busy",
  error: "err",
  unknown: "unknown",
};

/** How a workspace is; a stale row says when it was last true. */
export function workspaceStatus({ workspace, stale_since }: WorkspaceView, now: number): Status {
  if (stale_since !== null)
    return { tone: "unknown", word: messages.states.unknownSince(formatMoment(stale_since, now)) };
  return { tone: WORKSPACE_TONES[workspace.state], word: messages.states.workspace[workspace.state] };
}

const LAB_TONES: Record<LabState, StatusTone> = {
  created: "idle",
  starting: "busy",
  running: "ok",
  partly: "warn",
  stopping: "busy",
  stopped: "idle",
  failed: "err",
  unknown: "unknown",
};

/** How a lab is; a stale row says when it was last true. */
export function labStatus({ lab, stale_since }: LabView, now: number): Status {
  if (stale_since !== null)
    return { tone: "unknown", word: messages.states.unknownSince(formatMoment(stale_since, now)) };
  return { tone: LAB_TONES[lab.state], word: messages.states.lab[lab.state] };
}

const NODE_TONES: Record<NodeState, StatusTone> = {
  running: "ok",
  paused: "warn",
  stopped: "idle",
  absent: "idle",
  unknown: "unknown",
};

/** How a node of a lab is; nobody knows while its server is away. */
export const nodeStatus = (known: NodeState, isStale: boolean): Status => {
  const state = isStale ? "unknown" : known;
  return { tone: NODE_TONES[state], word: messages.states.node[state] };
};

/** How a connection is, in full words. */
export function connectionStatus(state: ConnectionState, now: number): Status {
  switch (state.state) {
    case "disconnected":
      return { tone: "idle", word: messages.states.disconnected };
    case "connecting":
      return { tone: "busy", word: messages.states.connecting(state.stage) };
    case "connected":
      return { tone: "ok", word: messages.states.connected };
    case "reconnecting":
      return { tone: "busy", word: messages.states.reconnecting(secondsUntil(state.next_try_at, now)) };
    case "failed":
      return { tone: "err", word: messages.states.failed };
  }
}

/** The one short fact behind a connection's name in the side bar. */
export function connectionRemark(state: ConnectionState, now: number): string {
  switch (state.state) {
    case "disconnected":
    case "connecting":
      return "";
    case "connected":
      return state.round_trip_ms === null ? "" : messages.states.roundTrip(state.round_trip_ms);
    case "reconnecting":
      return messages.states.seconds(secondsUntil(state.next_try_at, now));
    case "failed":
      return state.last_seen === null ? "" : formatMoment(state.last_seen, now);
  }
}

/** How a tunnel is. Amber is what repairs itself, red what waits for the person. */
export function tunnelStatus(state: TunnelState, now: number): Status {
  const words = messages.states.tunnel;
  switch (state.state) {
    case "stopped":
      return { tone: "idle", word: words.stopped };
    case "listening":
      return { tone: "ok", word: words.listening };
    case "connecting":
      return { tone: "busy", word: words.connecting };
    case "open":
      return { tone: "ok", word: words.open };
    case "target_down":
      return { tone: "warn", word: words.targetDown };
    case "reconnecting":
      return { tone: "busy", word: messages.states.reconnecting(secondsUntil(state.next_try_at, now)) };
    case "port_taken":
      return { tone: "err", word: words.portTaken };
    case "failed":
      return { tone: "err", word: words.failed };
  }
}
