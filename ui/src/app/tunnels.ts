/* What can be read from a tunnel: its ends, its way, its traffic. Not here: what can be done to it. */
import { formatSpan } from "@/components";
import type {
  StripCell,
  Tunnel,
  TunnelInput,
  TunnelPoint,
  TunnelRoute,
  TunnelTraffic,
  TunnelView,
} from "@/ipc";
import { messages } from "@/messages";

const words = messages.tunnels;
const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

/** The address that every computer has for itself. */
export const isLoopback = (host: string): boolean => LOOPBACK.has(host);

export const CELL_MS = 30 * 60_000;
const DAY_CELLS = 48;

/** An end as a person types it: "localhost:5432", "[fd00::1]:80", "/run/app.sock". */
export function pointText(point: TunnelPoint): string {
  if (point.at === "unix") return point.path;
  const host = isLoopback(point.host) ? "localhost" : point.host;
  return host.includes(":") ? `[${host}]:${point.port}` : `${host}:${point.port}`;
}

/** Where it listens: now, else where it is stored to. */
export const listenOf = ({ listening, tunnel }: TunnelView): TunnelPoint => listening ?? tunnel.route.listen;

/** The end on this computer and the far one; none where a proxy leads anywhere. */
export function endsOf(view: TunnelView): { here: TunnelPoint; there: TunnelPoint | null } {
  const { route } = view.tunnel;
  if (route.kind === "remote") return { here: route.target, there: listenOf(view) };
  return { here: listenOf(view), there: route.kind === "local" ? route.target : null };
}

/** The far end with its machine: a remote tunnel listens on the SSH host, where "localhost" is another. */
export function thereText(view: TunnelView): string | null {
  const { there } = endsOf(view);
  const host = view.hops.at(-1)?.name;
  if (view.tunnel.route.kind !== "remote" || there?.at !== "tcp" || !host || !isLoopback(there.host))
    return there && pointText(there);
  return `${host}:${there.port}`;
}

/** The machines on the way: "jump-1 › ops". */
export const throughOf = ({ hops }: TunnelView): string => hops.map(({ name }) => name).join(" › ");

/** The port it is stored to listen on, while another one is used. */
export function replacedPort({ listening, tunnel }: TunnelView): number | null {
  const stored = tunnel.route.listen;
  if (listening?.at !== "tcp" || stored.at !== "tcp" || stored.port === 0) return null;
  return listening.port === stored.port ? null : stored.port;
}

export interface Throughput {
  down: number;
  up: number;
}

/** Bytes a second of the newest sample. */
export function throughput({ samples }: TunnelTraffic): Throughput {
  const last = samples.at(-1);
  return { down: last?.down_per_second ?? 0, up: last?.up_per_second ?? 0 };
}

/** What the last part of the way takes, where the whole and the rest were measured. */
export function targetMs({ round_trip_ms, hops }: TunnelView): number | null {
  if (round_trip_ms === null || hops.some((hop) => hop.round_trip_ms === null)) return null;
  return Math.max(
    0,
    hops.reduce((rest, hop) => rest - (hop.round_trip_ms ?? 0), round_trip_ms),
  );
}

/** Nothing of it listens, and nothing tries to. */
export const isDown = ({ state: { state } }: TunnelView): boolean =>
  state === "stopped" || state === "failed" || state === "port_taken";

/** What would make the same tunnel again. */
export const inputOf = ({ name, route, ssh_host_id, options }: Tunnel): TunnelInput => ({
  name,
  route,
  through: { by: "host", ssh_host_id },
  options,
});

/** What a tunnel does: "Port 8080 here → db:5432, seen from jump-1". */
export function sentenceOf(route: TunnelRoute, through: string): string {
  const listen = listenText(route.listen);
  switch (route.kind) {
    case "local":
      return words.sentence.local(listen, pointText(route.target), through);
    case "remote":
      return words.sentence.remote(listen, pointText(route.target), through);
    case "dynamic":
      return words.sentence.dynamic(listen, through);
  }
}

/** An end that listens, in words: "Port 8080", "127.77.0.3:8080", "The socket /run/app.sock". */
export function listenText(point: TunnelPoint): string {
  if (point.at === "unix") return words.sentence.socket(point.path);
  return isLoopback(point.host) ? words.sentence.port(point.port) : pointText(point);
}

/** The strip in words: "Up 23 h 30 min of 24 h, down 30 min". */
export function stripText(strip: readonly StripCell[]): string {
  const count = (wanted: StripCell) => strip.filter((cell) => cell === wanted).length;
  // Of one day, so that a whole one is told in hours too.
  const span = (cells: number) =>
    cells === DAY_CELLS ? messages.format.span.h(24) : formatSpan(cells * CELL_MS);
  const [up, partly, down] = [count("up"), count("partly"), count("down")];
  if (up + partly + down === 0) return words.strip.none;
  const off = strip.length - up - partly - down;
  return [
    words.strip.up(up === 0 ? messages.format.span.h(0) : span(up)),
    ...(partly > 0 ? [words.strip.partly(partly)] : []),
    ...(down > 0 ? [words.strip.down(span(down))] : []),
    ...(off > 0 ? [words.strip.off(span(off))] : []),
  ].join(", ");
}
