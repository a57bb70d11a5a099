/* The machines of a tunnel in the order a byte passes them, each with how it is. */
import { endsOf, isDown, listenOf, pointText, targetMs } from "@/app/tunnels";
import type { HopState, TunnelView } from "@/ipc";
import { messages } from "@/messages";

const words = messages.tunnels.detail;

export interface Station {
  key: string;
  name: string;
  state: HopState;
  /** An address, in mono. */
  address: string;
  remark: string;
}

export function stationsOf(view: TunnelView): Station[] {
  const hops = view.hops.map(
    ({ name, address, state, round_trip_ms: ms }, index): Station => ({
      key: `${index} ${name}`,
      name,
      state,
      address,
      remark: words.ssh(ms === null ? null : messages.states.roundTrip(ms)),
    }),
  );
  return [hereOf(view), ...hops, endOf(view)];
}

function hereOf(view: TunnelView): Station {
  const isRemote = view.tunnel.route.kind === "remote";
  const { here } = endsOf(view);
  const isUp = view.listening !== null;
  const plain = { key: "here", name: words.here, address: pointText(here) };
  if (isRemote) return { ...plain, state: targetState(view), remark: targetRemark(view) };
  const isTaken = view.state.state === "port_taken";
  return {
    ...plain,
    state: isUp ? "up" : isTaken ? "down" : "idle",
    remark: isUp ? words.listener : words.notListening,
  };
}

function endOf(view: TunnelView): Station {
  const { route } = view.tunnel;
  switch (route.kind) {
    case "dynamic":
      return {
        key: "end",
        name: words.anyTarget,
        state: view.state.state === "open" ? "up" : "idle",
        address: "SOCKS5",
        remark: words.anyTargetRemark,
      };
    case "remote":
      return {
        key: "end",
        name: words.listensThere,
        state: view.state.state === "open" ? "up" : isDown(view) ? "idle" : hopsState(view),
        address: pointText(listenOf(view)),
        remark: words.listener,
      };
    case "local":
      return {
        key: "end",
        name: pointText(route.target),
        state: targetState(view),
        address: view.check?.http_status ? words.http(view.check.http_status) : words.target,
        remark: targetRemark(view),
      };
  }
}

function targetState({ state: { state } }: TunnelView): HopState {
  if (state === "open") return "up";
  return state === "target_down" ? "down" : "idle";
}

function targetRemark(view: TunnelView): string {
  const { state } = view.state;
  if (state === "target_down") return words.silent;
  if (state !== "open") return "—";
  const ms = targetMs(view);
  return ms === null ? words.answers : messages.states.roundTrip(ms);
}

const hopsState = ({ hops }: TunnelView): HopState => hops.at(-1)?.state ?? "idle";

/** How the piece between two neighbours is: as bad as the worse of them. */
export function linkState(a: Station, b: Station): HopState {
  const order: HopState[] = ["down", "connecting", "idle", "up"];
  return order.find((state) => a.state === state || b.state === state) ?? "idle";
}
