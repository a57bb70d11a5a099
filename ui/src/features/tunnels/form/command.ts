/* A tunnel that is not made yet as a command line of OpenSSH. The core writes it for those that are. */
import type { TunnelPoint, TunnelRoute, TunnelWay } from "@/ipc";

const FLAGS: Record<TunnelRoute["kind"], string> = { local: "-L", remote: "-R", dynamic: "-D" };

const text = (point: TunnelPoint): string => {
  if (point.at === "unix") return point.path;
  return point.host.includes(":") ? `[${point.host}]:${point.port}` : `${point.host}:${point.port}`;
};

export function sshCommand(route: TunnelRoute, way: TunnelWay): string {
  const ends = route.kind === "dynamic" ? text(route.listen) : `${text(route.listen)}:${text(route.target)}`;
  return ["ssh", "-N", FLAGS[route.kind], ends, ...hostWords(way)].map(quoted).join(" ");
}

/** The host as OpenSSH takes it: a port stands in an option of its own. */
function hostWords({ through, address, name }: TunnelWay): string[] {
  if (through.by === "alias") return [through.alias];
  const [, user = "", bracketed, plain, port] = /^(.*@)?(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(address) ?? [];
  const host = `${user}${bracketed ?? plain ?? ""}`;
  if (host === "") return [name];
  return port === undefined || port === "22" ? [host] : ["-p", port, host];
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./[\]-]+$/.test(word) && !word.includes("[") ? word : `'${word.replaceAll("'", `'\\''`)}'`;
