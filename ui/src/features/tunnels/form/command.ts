/* A tunnel that is not made yet as a command line of OpenSSH. The core writes it for those that are. */
import type { TunnelPoint, TunnelRoute, TunnelWay } from "@/ipc";

const FLAGS: Record<TunnelRoute["kind"], string> = { local: "-L", remote: "-R", dynamic: "-D" };

const text = (point: TunnelPoint): string => {
  if (point.at === "unix") return point.path;
  return point.host.includes(":") ? `[${point.host}]:${point.port}` : `${point.host}:${point.port}`;
};

export function sshCommand(route: TunnelRoute, { through, address, name }: TunnelWay): string {
  const ends = route.kind === "dynamic" ? text(route.listen) : `${text(route.listen)}:${text(route.target)}`;
  const host = through.by === "alias" ? through.alias : address || name;
  return `ssh -N ${FLAGS[route.kind]} ${quoted(ends)} ${quoted(host)}`;
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./[\]-]+$/.test(word) && !word.includes("[") ? word : `'${word.replaceAll("'", `'\\''`)}'`;
