/* What the form of a tunnel holds while it is typed, and what is sent of it. */
import { isLoopback } from "@/app/tunnels";
import type { Tunnel, TunnelCheckKind, TunnelInput, TunnelPoint, TunnelRoute, TunnelThrough } from "@/ipc";
import { messages } from "@/messages";

const words = messages.tunnels.form;

export type Kind = TunnelRoute["kind"];

export interface Draft {
  name: string;
  kind: Kind;
  listenAt: "port" | "own" | "socket";
  ownHost: string;
  /** The name of this machine for itself; empty: what is usual. */
  loopback: string;
  listenPort: string;
  listenPath: string;
  isExposed: boolean;
  exposedHost: string;
  targetAt: "tcp" | "socket";
  targetHost: string;
  targetPort: string;
  targetPath: string;
  through: string;
  startsWithApp: boolean;
  isOnDemand: boolean;
  policy: "hold" | "refuse";
  holdSeconds: string;
  check: TunnelCheckKind["kind"];
  checkPath: string;
  isHttpWatched: boolean;
  isFavourite: boolean;
}

const EMPTY: Draft = {
  name: "",
  kind: "local",
  listenAt: "port",
  ownHost: "",
  loopback: "",
  listenPort: "",
  listenPath: "",
  isExposed: false,
  exposedHost: "0.0.0.0",
  targetAt: "tcp",
  targetHost: "",
  targetPort: "",
  targetPath: "",
  through: "",
  startsWithApp: true,
  isOnDemand: false,
  policy: "hold",
  holdSeconds: "20",
  check: "connect",
  checkPath: "/",
  isHttpWatched: false,
  isFavourite: false,
};

/** The form of a tunnel, or an empty one. A copy listens elsewhere and has another name. */
export function draftOf(tunnel: Tunnel | undefined, through: string, isCopy: boolean): Draft {
  if (!tunnel) return EMPTY;
  const { route, options } = tunnel;
  const draft: Draft = {
    ...EMPTY,
    name: tunnel.name,
    kind: route.kind,
    through,
    ...listenDraft(route.listen, options.may_be_exposed),
    ...(route.kind === "dynamic" ? {} : targetDraft(route.target)),
    startsWithApp: options.starts_with_app,
    isOnDemand: options.is_on_demand,
    policy: options.when_down.policy,
    ...(options.when_down.policy === "hold" ? { holdSeconds: `${options.when_down.seconds}` } : {}),
    check: options.check.kind,
    ...(options.check.kind === "http" ? { checkPath: options.check.path } : {}),
    isHttpWatched: options.is_http_watched,
    isFavourite: options.is_favourite,
  };
  return isCopy
    ? { ...draft, name: "", ownHost: "", listenPort: "", listenPath: "", isFavourite: false }
    : draft;
}

function listenDraft(point: TunnelPoint, isExposed: boolean): Partial<Draft> {
  if (point.at === "unix") return { listenAt: "socket", listenPath: point.path };
  const listenPort = point.port === 0 ? "" : `${point.port}`;
  if (isLoopback(point.host)) return { listenPort, loopback: point.host };
  if (isExposed) return { listenPort, isExposed: true, exposedHost: point.host };
  return { listenPort, listenAt: "own", ownHost: point.host };
}

const targetDraft = (point: TunnelPoint): Partial<Draft> =>
  point.at === "unix"
    ? { targetAt: "socket", targetPath: point.path }
    : { targetHost: point.host, targetPort: `${point.port}` };

export type Problems = Readonly<Record<string, string>>;

/** A port in text; null for what is none. */
function portOf(text: string): number | null {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : null;
}

/** What can be seen to be wrong without asking, by the field's name as failures use it. */
export function problemsOf(draft: Draft): Problems {
  const { problems } = words;
  const found: Record<string, string> = {};
  if (draft.listenAt === "socket") checkPath(found, "listen.path", draft.listenPath);
  else if (draft.listenPort.trim() !== "" && portOf(draft.listenPort) === null)
    found["listen.port"] = problems.port(draft.listenPort);
  if (draft.listenAt === "own" && draft.ownHost.trim() === "")
    found["listen.host"] = problems.needed(words.ownAddress);
  if (draft.isExposed && draft.listenAt === "port" && draft.exposedHost.trim() === "")
    found["listen.host"] = problems.needed(words.exposedHost);
  if (draft.kind !== "dynamic") checkTarget(found, draft);
  if (draft.through.trim() === "") found.through = problems.needed(words.through);
  const seconds = /^\d+$/.test(draft.holdSeconds) ? Number(draft.holdSeconds) : 0;
  if (draft.policy === "hold" && (seconds < 1 || seconds > 300))
    found.when_down = problems.seconds(draft.holdSeconds);
  if (checkOf(draft).kind === "http" && !draft.checkPath.startsWith("/")) found.check = problems.slash;
  return found;
}

function checkTarget(found: Record<string, string>, draft: Draft): void {
  const { problems } = words;
  if (draft.targetAt === "socket") return checkPath(found, "target.path", draft.targetPath);
  if (draft.targetHost.trim() === "") found["target.host"] = problems.needed(words.host);
  if (draft.targetPort.trim() === "") found["target.port"] = problems.needed(words.port);
  else if (portOf(draft.targetPort) === null) found["target.port"] = problems.port(draft.targetPort);
}

function checkPath(found: Record<string, string>, field: string, path: string): void {
  if (path.trim() === "") found[field] = words.problems.needed(words.socketPath);
  else if (!path.startsWith("/")) found[field] = words.problems.absolute(path);
}

/** What the draft would send; only for one without problems. */
export function inputOfDraft(draft: Draft, through: TunnelThrough): TunnelInput {
  return {
    name: draft.name.trim(),
    route: routeOf(draft),
    through,
    options: {
      starts_with_app: draft.startsWithApp,
      is_on_demand: draft.isOnDemand && draft.kind !== "remote",
      when_down:
        draft.policy === "hold"
          ? { policy: "hold", seconds: Number(draft.holdSeconds) }
          : { policy: "refuse" },
      check: checkOf(draft),
      is_http_watched: draft.isHttpWatched && draft.kind !== "dynamic",
      is_favourite: draft.isFavourite,
      may_be_exposed: isExposedDraft(draft),
    },
  };
}

/** The checks that there are for a kind: a proxy has no target, and what is here is asked by connecting. */
export const checksFor = (kind: Kind): TunnelCheckKind["kind"][] =>
  kind === "local" ? ["connect", "http", "host_only"] : ["connect", "host_only"];

function checkOf({ kind, check, checkPath }: Draft): TunnelCheckKind {
  if (check === "http") return kind === "local" ? { kind: "http", path: checkPath } : { kind: "connect" };
  return { kind: check };
}

export const isExposedDraft = ({ isExposed, listenAt }: Draft): boolean => isExposed && listenAt === "port";

function routeOf(draft: Draft): TunnelRoute {
  const listen = listenOfDraft(draft);
  if (draft.kind === "dynamic") return { kind: "dynamic", listen };
  const target: TunnelPoint =
    draft.targetAt === "socket"
      ? { at: "unix", path: draft.targetPath.trim() }
      : { at: "tcp", host: draft.targetHost.trim(), port: portOf(draft.targetPort) ?? 0 };
  return { kind: draft.kind, listen, target };
}

function listenOfDraft(draft: Draft): TunnelPoint {
  if (draft.listenAt === "socket") return { at: "unix", path: draft.listenPath.trim() };
  const own = draft.listenAt === "own";
  const usual = draft.loopback || (draft.kind === "remote" ? "localhost" : "127.0.0.1");
  const host = own ? draft.ownHost.trim() : draft.isExposed ? draft.exposedHost.trim() : usual;
  const kept = own && draft.kind === "local" ? portOf(draft.targetPort) : null;
  return { at: "tcp", host, port: portOf(draft.listenPort) ?? kept ?? 0 };
}
