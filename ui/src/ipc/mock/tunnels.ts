/* Invented tunnels, in every state one can be in. */
import type { TunnelView } from "../generated/types";
import { DAY, HOUR, MINUTE, NOW } from "./connections";
import { cells, fail, hop, local, open, tcp, traffic, tunnel, unix } from "./tunnel-parts";

const forge1 = [hop("forge-1", "alice@10.0.0.2:22", "up", 11)];
const silent = fail(
  "unreachable",
  'cannot reach host "jump-2" (10.0.0.8:22)',
  "Check that the host runs and that this computer is in the right network.",
);

export const tunnels = (): TunnelView[] => [
  tunnel({
    name: "postgres",
    route: local(5432, "db.internal"),
    state: open(26 * HOUR),
    hops: forge1,
    options: { is_favourite: true },
    rest: { traffic: traffic(7, 300_000) },
  }),
  tunnel({
    name: "atlas-web",
    route: local(5173, "atlas-web"),
    state: open(5 * HOUR),
    hops: forge1,
    rest: { traffic: traffic(11, 41_000) },
  }),
  tunnel({
    name: "grafana",
    route: local(3000, "grafana", 3000, "127.77.0.3"),
    state: open(3 * DAY + 4 * HOUR),
    hops: [hop("jump-1", "ops@10.0.0.9:22", "up", 41), hop("ops", "10.2.0.4:22", "up", 14)],
    options: { check: { kind: "http", path: "/api/health" }, is_http_watched: true },
    rest: {
      traffic: traffic(3, 1_900_000),
      round_trip_ms: 58,
      check: { at: Date.now() - 4000, is_good: true, took_ms: 58, http_status: 200 },
      strip: cells(["up", 18], ["partly", 2], ["up", 28]),
      survived: { sleeps: 2, network_changes: 1, reconnects: 0, longest_gap_ms: 1800 },
    },
  }),
  tunnel({
    name: "docs",
    route: local(4000, "docs"),
    state: { state: "reconnecting", next_try_at: Date.now() + 5400, attempt: 3, error: silent },
    hops: [hop("jump-2", "alice@10.0.0.8:22", "down")],
    rest: {
      strip: cells(["up", 44], ["partly", 1], ["down", 3]),
      check: { at: Date.now() - 92_000, is_good: false, took_ms: 10_000, http_status: null },
    },
  }),
  tunnel({
    name: "kafka-ui",
    route: local(8085, "kafka-ui", 8080),
    state: { state: "listening" },
    hops: [hop("forge-2", "alice@10.0.0.3:22", "idle")],
    options: { is_on_demand: true },
  }),
  tunnel({
    name: "SOCKS",
    route: { kind: "dynamic", listen: tcp("127.0.0.1", 1080) },
    state: open(9 * HOUR),
    hops: [hop("jump-1", "ops@10.0.0.9:22", "up", 41)],
    rest: { traffic: traffic(23, 90_000), round_trip_ms: 41 },
  }),
  tunnel({
    name: "api",
    route: local(8080, "api"),
    state: {
      state: "port_taken",
      holder: { pid: 4121, command: "node ./node_modules/.bin/vite --port 8080" },
      free_port: 8081,
      error: fail("conflict", "port 8080 of 127.0.0.1 is taken", "Use port 8081 this time."),
    },
    hops: [hop("prod-eu", "alice@10.20.0.4:22", "idle")],
    rest: { strip: cells(["up", 45], ["off", 3]) },
  }),
  tunnel({
    name: "debug",
    route: local(9229, "review-7f3a1"),
    state: { state: "stopped" },
    hops: [hop("prod-eu", "alice@10.20.0.4:22", "idle")],
    rest: { strip: cells(["off", 48]) },
  }),
  tunnel({
    name: "webhooks",
    route: { kind: "remote", listen: tcp("127.0.0.1", 8080), target: tcp("127.0.0.1", 3000) },
    state: open(41 * MINUTE),
    hops: [hop("forge-2", "alice@10.0.0.3:22", "up", 31)],
    rest: { round_trip_ms: 31, strip: cells(["off", 46], ["up", 2]) },
  }),
];

/** What goes wrong, and what is rare. */
export const troubled = (): TunnelView[] => [
  tunnel({
    name: "metrics",
    route: local(9090, "prometheus"),
    state: {
      state: "target_down",
      since: NOW - 7 * MINUTE,
      error: fail(
        "unreachable",
        'forge-1 cannot reach "prometheus:9090": connection refused',
        "Start what should listen there, or edit the target.",
      ),
    },
    hops: [hop("forge-1", "alice@10.0.0.2:22", "up", 12)],
    rest: { strip: cells(["up", 46], ["partly", 1], ["down", 1]) },
  }),
  tunnel({
    name: "billing",
    route: local(8443, "billing", 443),
    state: {
      state: "failed",
      error: fail(
        "unauthorized",
        '"lab-west" did not accept the key ~/.ssh/id_ed25519 for user alice',
        "Edit the connection and choose another key or user.",
      ),
    },
    hops: [hop("lab-west", "alice@10.4.0.1:22", "down")],
    rest: { strip: cells(["up", 30], ["off", 16], ["down", 2]) },
  }),
  tunnel({
    name: "demo",
    route: local(8000, "demo", 80, "0.0.0.0"),
    state: open(2 * HOUR),
    hops: forge1,
    options: { may_be_exposed: true },
    rest: { is_exposed: true, traffic: traffic(5, 12_000) },
  }),
  tunnel({
    name: "shop",
    route: local(3306, "mysql"),
    state: open(12 * MINUTE),
    hops: forge1,
    rest: { listening: tcp("127.0.0.1", 3307) },
  }),
  tunnel({
    name: "agent",
    route: { kind: "local", listen: unix("/run/user/1000/docker.sock"), target: unix("/run/docker.sock") },
    state: { state: "connecting", stage: "checking the host key" },
    hops: [
      hop("jump-1", "ops@10.0.0.9:22", "up", 41),
      hop("bastion-eu-central", "ops@10.20.0.1:2222", "connecting"),
      hop("build-runner-17", "ci@10.20.7.17:22", "idle"),
    ],
    rest: { strip: cells(["off", 48]) },
  }),
];

export const manyTunnels = (): TunnelView[] => {
  const base = [...tunnels(), ...troubled()];
  return Array.from({ length: 200 }, (_, index) => {
    const view = base[index % base.length] as TunnelView;
    const name = `${view.tunnel.name}-${index + 1}`;
    return { ...view, tunnel: { ...view.tunnel, id: name, name } };
  });
};

export function tunnelsOf(scene: string): TunnelView[] {
  if (["empty", "bare", "none", "down"].includes(scene)) return [];
  if (scene === "many") return manyTunnels();
  return scene === "trouble" ? troubled() : tunnels();
}
