import { expect, test } from "vitest";
import type { StripCell, TunnelState, TunnelView } from "@/ipc";
import { fail, tcp, tunnel } from "@/ipc/mock/tunnel-parts";
import { troubled, tunnels } from "@/ipc/mock/tunnels";
import { tunnelStatus } from "./status";
import {
  endsOf,
  pointText,
  replacedPort,
  sentenceOf,
  stripText,
  targetMs,
  thereText,
  throughOf,
} from "./tunnels";

const error = fail("unreachable", "nobody answers", "Wait.");
const word = (state: TunnelState, now = 0) => tunnelStatus(state, now).word;
const view = (name: string): TunnelView =>
  [...tunnels(), ...troubled()].find((one) => one.tunnel.name === name) as TunnelView;

test("every state has its word, and amber repairs itself while red waits for the person", () => {
  expect(word({ state: "open", since: 0 })).toBe("Open");
  expect(word({ state: "listening" })).toBe("Listening");
  expect(word({ state: "connecting", stage: "asking" })).toBe("Connecting…");
  expect(word({ state: "target_down", since: 0, error })).toBe("Target down");
  expect(word({ state: "port_taken", holder: null, free_port: null, error })).toBe("Port taken");
  expect(word({ state: "failed", error })).toBe("Failed");
  expect(word({ state: "stopped" })).toBe("Stopped");
  expect(tunnelStatus({ state: "target_down", since: 0, error }, 0).tone).toBe("warn");
  expect(tunnelStatus({ state: "failed", error }, 0).tone).toBe("err");
});

test("the countdown counts full seconds down and never below zero", () => {
  const state: TunnelState = { state: "reconnecting", next_try_at: 10_000, attempt: 1, error };
  expect(word(state, 4_999)).toBe("Reconnecting (6 s)");
  expect(word(state, 5_000)).toBe("Reconnecting (5 s)");
  expect(word(state, 9_999)).toBe("Reconnecting (1 s)");
  expect(word(state, 12_000)).toBe("Reconnecting…");
});

const strip = (...runs: [StripCell, number][]) =>
  runs.flatMap(([cell, count]) => Array.from({ length: count }, () => cell));

test("the strip says in words what its colours say", () => {
  expect(stripText(strip(["up", 48]))).toBe("Up 24 h of 24 h");
  expect(stripText(strip(["up", 47], ["down", 1]))).toBe("Up 23 h 30 min of 24 h, down 30 min");
  expect(stripText(strip(["off", 40], ["partly", 1], ["up", 7]))).toBe(
    "Up 3 h 30 min of 24 h, up and down in 1 half hour, not running 20 h",
  );
  expect(stripText(strip(["down", 48]))).toBe("Up 0 h of 24 h, down 24 h");
  expect(stripText(strip(["off", 48]))).toBe("Not running in the last 24 hours");
});

test("what a tunnel does is one sentence", () => {
  const listen = tcp("127.0.0.1", 8080);
  const target = tcp("db", 5432);
  expect(sentenceOf({ kind: "local", listen, target }, "jump-1")).toBe(
    "Port 8080 here → db:5432, seen from jump-1",
  );
  expect(sentenceOf({ kind: "local", listen: tcp("127.0.0.1", 0), target }, "jump-1")).toBe(
    "Any free port here → db:5432, seen from jump-1",
  );
  expect(sentenceOf({ kind: "local", listen: tcp("127.77.0.3", 5432), target }, "jump-1")).toBe(
    "127.77.0.3:5432 here → db:5432, seen from jump-1",
  );
  expect(sentenceOf({ kind: "remote", listen, target: tcp("localhost", 3000) }, "forge-2")).toBe(
    "Port 8080 on forge-2 → localhost:3000, seen from here",
  );
  expect(sentenceOf({ kind: "dynamic", listen }, "jump-1")).toBe(
    "Port 8080 here is a SOCKS5 proxy; jump-1 looks names up",
  );
});

test("ends are written as they are typed", () => {
  expect(pointText(tcp("127.0.0.1", 80))).toBe("localhost:80");
  expect(pointText(tcp("fd00::1", 80))).toBe("[fd00::1]:80");
  expect(pointText({ at: "unix", path: "/run/a.sock" })).toBe("/run/a.sock");
  expect(throughOf(view("grafana"))).toBe("jump-1 › ops");
  expect(endsOf(view("SOCKS")).there).toBeNull();
});

test("a remote tunnel listens on its host, and that host is named", () => {
  const remote = view("webhooks");
  expect(pointText(endsOf(remote).here)).toBe("localhost:3000");
  expect(thereText(remote)).toBe("forge-2:8080");
  expect(thereText(view("postgres"))).toBe("db.internal:5432");
});

test("another port for this time is known, one that was left to the system is none", () => {
  expect(replacedPort(view("shop"))).toBe(3306);
  expect(replacedPort(view("postgres"))).toBeNull();
  const any = tunnel({
    name: "any",
    route: { kind: "dynamic", listen: tcp("127.0.0.1", 0) },
    state: { state: "open", since: 0 },
    hops: [],
    rest: { listening: tcp("127.0.0.1", 40_123) },
  });
  expect(replacedPort(any)).toBeNull();
});

test("the last part of the way takes what the machines before it do not", () => {
  expect(targetMs(view("grafana"))).toBe(3);
  expect(targetMs(view("docs"))).toBeNull();
});
