/* What the page of a tunnel shows, invented; and what is found and read for new ones. */
import type {
  HttpExchange,
  TunnelDetail,
  TunnelFound,
  TunnelInput,
  TunnelReading,
  TunnelView,
  TunnelWay,
} from "../generated/types";
import { HOUR, MINUTE } from "./connections";
import { plainOptions, tcp } from "./tunnel-parts";

const REQUESTS: [string, string, number | null, number][] = [
  ["GET", "/api/ds/query", 200, 41],
  ["POST", "/api/ds/query", 200, 188],
  ["GET", "/api/live/ws", null, 0],
  ["GET", "/api/dashboards/uid/fleet", 200, 33],
  ["GET", "/public/build/runtime.js", 304, 9],
  ["GET", "/api/annotations", 500, 1204],
  ["GET", "/api/plugins/grafana-piechart/settings", 404, 12],
  ["GET", "/api/health", 200, 4],
];

const requests = (): HttpExchange[] =>
  Array.from({ length: 24 }, (_, index) => {
    const [method, path, status, took] = REQUESTS[index % REQUESTS.length] as (typeof REQUESTS)[number];
    return {
      at: Date.now() - index * 2300,
      method,
      path,
      status,
      took_ms: status === null ? null : took + index,
    };
  });

const client = (
  from: string,
  ago: number,
  lasted: number | null,
  down: number,
  error: string | null = null,
) => ({
  opened_at: Date.now() - ago,
  closed_at: lasted === null ? null : Date.now() - ago + lasted,
  from,
  target: null as string | null,
  bytes_down: down,
  bytes_up: Math.round(down / 30),
  error,
});

export function detailOfTunnel({ tunnel, state, traffic, hops }: TunnelView): TunnelDetail {
  const error = "error" in state ? state.error : null;
  const clients = [
    client("firefox", 4 * MINUTE, null, 2_400_000),
    client("firefox", 3 * MINUTE, null, 81_000),
    client("127.0.0.1:51342", 21_000, null, 12_000),
    client("curl", 9 * MINUTE, 1300, 4100),
    client("psql", 3 * HOUR, 22 * MINUTE, 18_000_000, "the target closed the connection early"),
  ];
  const { route } = tunnel;
  const asked = ["github.com:443", "db.internal:5432", "10.2.0.9:22", "example.org:80", "grafana:3000"];
  return {
    errors: error
      ? [
          { at: Date.now() - 5000, failure: error, count: 3 },
          {
            at: Date.now() - 2 * HOUR,
            count: 1,
            failure: { ...error, message: "the network of this computer changed", hint: null },
          },
        ]
      : [],
    clients:
      traffic.samples.length === 0
        ? []
        : clients.map((one, index) => ({
            ...one,
            target: route.kind === "dynamic" ? (asked[index] ?? null) : null,
          })),
    requests: tunnel.options.is_http_watched ? requests() : [],
    command: commandOf(
      tunnel.route,
      hops.map(({ name }) => name),
    ),
  };
}

function commandOf(route: TunnelInput["route"], hops: string[]): string {
  const text = (point: (typeof route)["listen"]) =>
    point.at === "tcp" ? `${point.host}:${point.port}` : point.path;
  const flag = { local: "-L", remote: "-R", dynamic: "-D" }[route.kind];
  const ends = route.kind === "dynamic" ? text(route.listen) : `${text(route.listen)}:${text(route.target)}`;
  const jumps = hops.length > 1 ? ` -J ${hops.slice(0, -1).join(",")}` : "";
  return `ssh -N -o ExitOnForwardFailure=yes${jumps} ${flag} ${ends} ${hops.at(-1)}`;
}

const way = (name: string, address: string): TunnelWay => ({
  name,
  address,
  through: { by: "host", ssh_host_id: `host-${name}` },
});

export const ways: TunnelWay[] = [
  way("forge-1", "alice@10.0.0.2:22"),
  way("forge-2", "alice@10.0.0.3:22"),
  way("prod-eu", "alice@10.20.0.4:22"),
  way("jump-2", "alice@10.0.0.8:22"),
  { name: "jump-1", address: "ops@10.0.0.9:22", through: { by: "alias", alias: "jump-1" } },
  { name: "bastion", address: "ops@bastion.example.org:22", through: { by: "alias", alias: "bastion" } },
];

/** A small part of what the core reads, enough for looking at the page. */
export function readLine(line: string): TunnelReading {
  const none = { input: null, through_name: null };
  if (line.trim() === "") return { ...none, problem: null };
  const found = /^(\d+)(?::([^\s:]+))?(?::(\d+))?(?:\s+via\s+(\S+))?$/.exec(line.trim());
  const [, listen = "", host, port, through] = found ?? [];
  const field = (field: string, message: string, suggestion: string | null) => ({
    ...none,
    problem: { field, message, suggestion },
  });
  if (!found || !host)
    return field(
      "target",
      "A port here, a target and a host to go through are needed.",
      "8080:db:5432 via jump-1",
    );
  const target = `${listen}:${host}:${port ?? listen}`;
  if (!through) return field("through", "The host to go through is missing.", `${target} via jump-1`);
  const known = ways.find(({ name }) => name === through);
  if (!known) return field("through", `There is no SSH host called ${through}.`, `${target} via jump-1`);
  return {
    input: {
      name: "",
      route: {
        kind: "local",
        listen: tcp("127.0.0.1", Number(listen)),
        target: tcp(host, Number(port ?? listen)),
      },
      through: known.through,
      options: plainOptions,
    },
    through_name: through,
    problem: null,
  };
}

const found = (alias: string, line: number, text: string, rest: Partial<TunnelFound>): TunnelFound => ({
  alias,
  file: "/home/alice/.ssh/config",
  line,
  text,
  input: null,
  problem: null,
  is_known: false,
  ...rest,
});

const viaAlias = (alias: string, route: TunnelInput["route"]): TunnelInput => ({
  name: "",
  route,
  through: { by: "alias", alias },
  options: plainOptions,
});

export const foundForwards: TunnelFound[] = [
  found("bastion", 14, "LocalForward 5433 reports-db:5432", {
    input: viaAlias("bastion", {
      kind: "local",
      listen: tcp("127.0.0.1", 5433),
      target: tcp("reports-db", 5432),
    }),
  }),
  found("bastion", 15, "DynamicForward 1081", {
    input: viaAlias("bastion", { kind: "dynamic", listen: tcp("127.0.0.1", 1081) }),
  }),
  found("jump-1", 22, "LocalForward 3000 grafana:3000", {
    input: viaAlias("jump-1", {
      kind: "local",
      listen: tcp("127.0.0.1", 3000),
      target: tcp("grafana", 3000),
    }),
    is_known: true,
  }),
  found("build", 31, "RemoteForward 9000 localhost:9000", {
    input: viaAlias("build", {
      kind: "remote",
      listen: tcp("127.0.0.1", 9000),
      target: tcp("127.0.0.1", 9000),
    }),
  }),
  found("build", 32, "LocalForward *:8080 web:80", {
    input: {
      ...viaAlias("build", { kind: "local", listen: tcp("0.0.0.0", 8080), target: tcp("web", 80) }),
      options: { ...plainOptions, may_be_exposed: true },
    },
  }),
  found("build", 33, "LocalForward 8443 [web", {
    problem: 'the bracket in "[web" is not closed',
  }),
];
