/* The forms of lab servers, shortened. */
import type { Descriptor, Field } from "../generated/types";

const field = (name: string, label: string, help: string | null, more: Partial<Field> = {}): Field => ({
  name,
  label,
  help,
  placeholder: null,
  is_required: false,
  default: null,
  is_advanced: false,
  kind: { type: "text", mono: true },
  ...more,
});

const HOST = "Through the SSH host";
const STRAIGHT = "Straight from this computer";
const reach = (first: string, second: string): Partial<Field> => ({
  default: first === HOST ? "host" : "direct",
  kind: {
    type: "choice",
    open: false,
    choices: [first, second].map((label) => ({
      value: label === HOST ? "host" : "direct",
      label,
      remark: null,
    })),
  },
});
const certificate = (help: string) =>
  field("tls_fingerprint", "Certificate fingerprint", help, { is_advanced: true });

export const labDescriptors: Descriptor[] = [
  {
    kind: "containerlab",
    title: "Containerlab",
    summary: "Labs on a server that runs containerlab's API server",
    fields: [
      field("url", "URL of the API server", "Without a port it is 8090.", {
        is_required: true,
        placeholder: "https://lab.example.org:8090",
      }),
      field("user", "User", "An account of the server that is in its group for the API.", {
        is_required: true,
      }),
      field("password", "Password", null, { is_required: true, kind: { type: "secret" } }),
      field("reach", "Reached", "Through the SSH host the URL is meant as that host sees it.", {
        ...reach(STRAIGHT, HOST),
      }),
      field("host", "SSH host", "Needed only to reach an API server that listens inside.", {
        kind: { type: "ssh_host" },
      }),
      certificate("SHA-256 of the server's certificate. Leave empty to be asked."),
    ],
    notes: ["Modern and legacy API servers are told apart."],
    runs_labs: true,
  },
  {
    kind: "netlab",
    title: "Netlab",
    summary: "Labs on a server that runs netlab's API, with its files over SSH",
    fields: [
      field("host", "Server", "Topologies, progress, collected configurations and consoles go over SSH.", {
        is_required: true,
        kind: { type: "ssh_host" },
      }),
      field("api_url", "API", "Where netlab api answers.", {
        is_required: true,
        default: "https://127.0.0.1:8090",
      }),
      field("reach", "Reached", "The API may then listen on the server's loopback address only.", {
        ...reach(HOST, STRAIGHT),
      }),
      field("user", "User", "Of the API. Leave it and the password empty for a server that asks for none."),
      field("password", "Password", "Of the API.", { kind: { type: "secret" } }),
      certificate("SHA-256 of the only certificate that is taken."),
    ],
    notes: ["One operation at a time on the whole server."],
    runs_labs: true,
  },
];
