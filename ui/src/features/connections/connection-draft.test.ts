import { expect, test } from "vitest";
import type { ConnectionView, Descriptor } from "@/ipc";
import { connections, descriptors } from "@/ipc/mock/connections";
import { draftOf, inputOf, nameOf, newDraft, problemsOf } from "./connection-draft";
import { newAuth } from "./host-draft";

const podman = descriptors[0] as Descriptor;
const view = connections.find(({ connection }) => connection.name === "prod-eu") as ConnectionView;
const none: ReadonlySet<string> = new Set();

test("an untouched form names what is missing", () => {
  expect(Object.keys(problemsOf(newDraft(podman), podman, none)).sort()).toEqual(["address", "name", "user"]);
});

test("the name follows the address until it is typed", () => {
  const draft = newDraft(podman);
  draft.host.addresses = [{ host: "forge-9.example.org", port: "22" }];
  expect(nameOf(draft)).toBe("forge-9");
  draft.host.addresses = [{ host: "10.0.0.2", port: "22" }];
  expect(nameOf(draft)).toBe("10.0.0.2");
  expect(nameOf({ ...draft, name: "mine" })).toBe("mine");
});

test("a known connection goes out as it came in, and sends no secret that was not typed", () => {
  const input = inputOf(draftOf(view, podman), podman);
  expect(input).toMatchObject({
    kind: "podman",
    name: "prod-eu",
    secrets: {},
    connect_at_start: true,
    ssh_host: {
      id: "host-prod-eu",
      user: "alice",
      addresses: [{ host: "10.20.0.4", port: 22 }],
      jumps: [{ id: "host-bastion", addresses: [{ host: "bastion.example.org", port: 22 }], jumps: [] }],
    },
  });
  expect(input.ssh_host?.auth).toEqual([
    { method: "agent", socket: null },
    { method: "key_file", path: "~/.ssh/id_ed25519", passphrase: null },
  ]);
});

test("a typed password goes inwards", () => {
  const draft = draftOf(view, podman);
  draft.host.auth = [{ ...newAuth("password"), password: "hunter2" } as (typeof draft.host.auth)[number]];
  expect(inputOf(draft, podman).ssh_host?.auth).toEqual([{ method: "password", password: "hunter2" }]);
});

test("empty addresses are left out, and brackets of IPv6 taken off", () => {
  const draft = draftOf(view, podman);
  draft.host.addresses = [
    { host: "[::1]", port: "2222" },
    { host: " ", port: "22" },
  ];
  expect(inputOf(draft, podman).ssh_host?.addresses).toEqual([{ host: "::1", port: 2222 }]);
});

test("a jump host's mistake is its own", () => {
  const draft = draftOf(view, podman);
  const jump = draft.host.jumps[0];
  if (!jump) throw new Error("no jump");
  jump.user = "";
  expect(problemsOf(draft, podman, none)).toEqual({ "jumps.0.user": "User is needed." });
});
