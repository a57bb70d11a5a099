import { expect, test } from "vitest";
import type { Tunnel, TunnelThrough } from "@/ipc";
import { troubled, tunnels } from "@/ipc/mock/tunnels";
import { sshCommand } from "./command";
import { draftOf, inputOfDraft, problemsOf } from "./draft";

const all: Tunnel[] = [...tunnels(), ...troubled()].map((view) => view.tunnel);
const named = (name: string) => all.find((tunnel) => tunnel.name === name) as Tunnel;
const way: TunnelThrough = { by: "host", ssh_host_id: "host-1" };

test("a stored tunnel becomes a form and the same tunnel again", () => {
  for (const tunnel of all) {
    const draft = draftOf(tunnel, "forge-1", false);
    expect(problemsOf(draft)).toEqual({});
    const { name, route, options } = inputOfDraft(draft, way);
    expect({ name, route, options }).toEqual({
      name: tunnel.name,
      route: tunnel.route,
      options: tunnel.options,
    });
  }
});

test("a copy has another name and another port", () => {
  const copy = draftOf(named("postgres"), "forge-1", true);
  expect([copy.name, copy.listenPort, copy.isFavourite]).toEqual(["", "", false]);
  expect(copy.targetHost).toBe("db.internal");
  // An address is of one tunnel only: the form asks for another.
  expect(draftOf(named("grafana"), "ops", true)).toMatchObject({ listenAt: "own", ownHost: "" });
});

test("an address of its own keeps the port of the target", () => {
  const draft = { ...draftOf(named("grafana"), "ops", false), listenPort: "" };
  expect(inputOfDraft(draft, way).route.listen).toEqual({ at: "tcp", host: "127.77.0.3", port: 3000 });
});

test("nothing is exposed by what was typed before the switch was turned off", () => {
  const draft = { ...draftOf(named("demo"), "forge-1", false), isExposed: false };
  const { route, options } = inputOfDraft(draft, way);
  expect(route.listen).toEqual({ at: "tcp", host: "127.0.0.1", port: 8000 });
  expect(options.may_be_exposed).toBe(false);
});

test("what is missing or wrong is told by its field", () => {
  const empty = draftOf(undefined, "", false);
  expect(Object.keys(problemsOf(empty))).toEqual(["target.host", "target.port", "through"]);
  expect(problemsOf({ ...empty, kind: "dynamic" })).toEqual({ through: "Through is needed." });
  const wrong = {
    ...draftOf(named("postgres"), "forge-1", false),
    listenPort: "80x",
    targetPort: "70000",
    holdSeconds: "0",
    check: "http" as const,
    checkPath: "health",
  };
  expect(Object.keys(problemsOf(wrong))).toEqual(["listen.port", "target.port", "when_down", "check"]);
  expect(problemsOf(wrong)["target.port"]).toContain("70000");
  const socket = { ...empty, listenAt: "socket" as const, listenPath: "app.sock" };
  expect(problemsOf(socket)["listen.path"]).toContain("begins with a slash");
});

test("the command line is one for a shell", () => {
  const forge = { name: "forge-1", address: "alice@10.0.0.2", through: way };
  expect(sshCommand(named("postgres").route, forge)).toBe(
    "ssh -N -L 127.0.0.1:5432:db.internal:5432 alice@10.0.0.2",
  );
  expect(sshCommand(named("SOCKS").route, { ...forge, address: "alice@10.0.0.2:22" })).toBe(
    "ssh -N -D 127.0.0.1:1080 alice@10.0.0.2",
  );
  expect(sshCommand(named("SOCKS").route, { ...forge, address: "alice@[fd00::2]:2222" })).toBe(
    "ssh -N -D 127.0.0.1:1080 -p 2222 alice@fd00::2",
  );
  const alias = { ...forge, through: { by: "alias" as const, alias: "my host" } };
  expect(sshCommand(named("SOCKS").route, alias)).toBe("ssh -N -D 127.0.0.1:1080 'my host'");
});
