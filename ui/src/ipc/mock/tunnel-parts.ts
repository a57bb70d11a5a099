/* How an invented tunnel is put together. */
import type {
  Failure,
  HopState,
  StripCell,
  TunnelHop,
  TunnelInput,
  TunnelOptions,
  TunnelPoint,
  TunnelRoute,
  TunnelState,
  TunnelTraffic,
  TunnelView,
} from "../generated/types";
import { DAY, NOW } from "./connections";

export const tcp = (host: string, port: number): TunnelPoint => ({ at: "tcp", host, port });
export const unix = (path: string): TunnelPoint => ({ at: "unix", path });
export const local = (port: number, host: string, to = port, listen = "127.0.0.1"): TunnelRoute => ({
  kind: "local",
  listen: tcp(listen, port),
  target: tcp(host, to),
});

export const plainOptions: TunnelOptions = {
  starts_with_app: true,
  is_on_demand: false,
  when_down: { policy: "hold", seconds: 20 },
  check: { kind: "connect" },
  is_http_watched: false,
  is_favourite: false,
  may_be_exposed: false,
};

export const fail = (code: Failure["code"], message: string, hint: string): Failure => ({
  code,
  message,
  hint,
  field: null,
  detail: null,
});

/** A course of bytes a second that looks lived in; the same at every start. */
export function traffic(seed: number, level: number): TunnelTraffic {
  let value = level;
  let noise = seed;
  const samples = Array.from({ length: 30 }, () => {
    noise = (noise * 16807) % 2147483647;
    value = Math.max(0, value + ((noise / 2147483647) * 2 - 0.96) * level * 0.32);
    return { down_per_second: Math.round(value), up_per_second: Math.round(value / 31) };
  });
  const bytes_down = Math.round(level * 9000);
  return {
    bytes_down,
    bytes_up: Math.round(bytes_down / 40),
    open_connections: 3,
    connections: 184,
    samples,
  };
}

export const noTraffic: TunnelTraffic = {
  bytes_down: 0,
  bytes_up: 0,
  open_connections: 0,
  connections: 0,
  samples: [],
};

export const cells = (...runs: [StripCell, number][]): StripCell[] =>
  runs.flatMap(([cell, count]) => Array.from({ length: count }, () => cell));
const allUp = cells(["up", 48]);

export const hop = (
  name: string,
  address: string,
  state: HopState,
  round_trip_ms: number | null = null,
): TunnelHop => ({
  name,
  address,
  state,
  round_trip_ms,
});

interface Told {
  name: string;
  route: TunnelRoute;
  state: TunnelState;
  hops: TunnelHop[];
  options?: Partial<TunnelOptions>;
  rest?: Partial<TunnelView>;
}

export function tunnel({ name, route, state, hops, options = {}, rest = {} }: Told): TunnelView {
  const isUp = state.state === "open";
  const listens = !["stopped", "failed", "port_taken"].includes(state.state);
  return {
    tunnel: {
      id: name.toLowerCase(),
      name,
      route,
      ssh_host_id: `host-${hops.at(-1)?.name}`,
      options: { ...plainOptions, ...options },
      created_at: NOW - 40 * DAY,
    },
    state,
    hops,
    listening: listens ? route.listen : null,
    is_exposed: false,
    traffic: noTraffic,
    round_trip_ms: isUp ? 12 : null,
    check: isUp ? { at: Date.now() - 4000, is_good: true, took_ms: 12, http_status: null } : null,
    strip: allUp,
    survived: { sleeps: 0, network_changes: 0, reconnects: 0, longest_gap_ms: 0 },
    ...rest,
  };
}

export const open = (ms: number): TunnelState => ({ state: "open", since: NOW - ms });

/** What a form or a line would make. */
export function madeFrom(input: TunnelInput, through: string): TunnelView {
  const { route } = input;
  const target =
    route.kind === "dynamic" ? "SOCKS" : route.target.at === "tcp" ? route.target.host : "socket";
  return tunnel({
    name: input.name || target,
    route,
    state: open(0),
    hops: [hop(through, `alice@${through}:22`, "up", 14)],
    options: input.options,
    rest: {
      strip: cells(["off", 47], ["up", 1]),
      is_exposed: input.options.may_be_exposed,
      round_trip_ms: 17,
    },
  });
}
