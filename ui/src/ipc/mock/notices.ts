/* Invented notices, and links of other programs. */
import type { LinkRequest, Notice, NoticeKind } from "../generated/types";
import { HOUR, MINUTE, NOW, silent } from "./connections";

const notice = (id: string, age: number, is_read: boolean, kind: NoticeKind): Notice => ({
  id,
  at: NOW - age,
  is_read,
  kind,
});

export const notices: Notice[] = [
  notice("n5", 4 * MINUTE, false, {
    kind: "connection_lost",
    connection_id: "jump-2",
    name: "jump-2",
    error: silent.message,
    is_final: false,
  }),
  notice("n4", 12 * MINUTE, false, {
    kind: "run_ended",
    run_id: "run-carol",
    verb: "start",
    name: "carol",
    connection_name: "prod-eu",
    status: "failed",
    error: "prod-eu does not have the image rstudio:2026",
  }),
  notice("n3", 2 * HOUR, true, {
    kind: "run_ended",
    run_id: "run-stop",
    verb: "create",
    name: "atlas-docs",
    connection_name: "forge-1",
    status: "succeeded",
    error: null,
  }),
  notice("n2", 5 * HOUR, true, { kind: "connection_back", connection_id: "forge-2", name: "forge-2" }),
  notice("n6", 9 * HOUR, true, {
    kind: "tunnel_lost",
    tunnel_id: "docs",
    name: "docs",
    error: silent.message,
    is_final: false,
  }),
  notice("n1", 26 * HOUR, true, { kind: "question_asked", subject: "prod-eu" }),
];

/** In scenes with labs. */
export const labNotices: Notice[] = [
  notice("n7", 6 * MINUTE, false, {
    kind: "lab_overdue",
    lab: { connection_id: "clab-a", lab_id: "evpn-fabric" },
    name: "evpn-fabric",
    connection_name: "clab-a",
    due_at: NOW - 3 * HOUR,
  }),
  ...notices.slice(1),
];

/** By scene. */
export const links: Record<string, LinkRequest> = {
  link: {
    id: "l1",
    text: "moorline://workspace/forge-1/atlas-api",
    target: {
      target: "workspace",
      workspace: { connection_id: "forge-1", workspace_id: "atlas-api" },
      name: "atlas-api",
      connection_name: "forge-1",
    },
  },
  "link-add": {
    id: "l1",
    text: "moorline://add-connection?host=forge-9.example.org&port=2222&user=alice&name=forge-9",
    target: {
      target: "add_connection",
      name: "forge-9",
      host: "forge-9.example.org",
      port: 2222,
      user: "alice",
    },
  },
  "link-nowhere": {
    id: "l1",
    text: "moorline://connection/forge-77",
    target: {
      target: "nowhere",
      failure: {
        code: "not_found",
        message: 'there is no connection called "forge-77" here',
        hint: "Add a connection of that name first, then open the link again.",
        field: null,
        detail: null,
      },
    },
  },
};
