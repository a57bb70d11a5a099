/* What an invented computer knows of servers. */
import type {
  AdoptionOffer,
  ImportFound,
  ImportHost,
  ImportItem,
  ImportTakeArgs,
  ImportTaken,
  WorkspaceView,
} from "../generated/types";

const host = (user: string, ...addresses: string[]): ImportHost => ({
  addresses: addresses.map((address) => {
    const [name = "", port = "22"] = address.split(":");
    return { host: name, port: Number(port) };
  }),
  user,
  auth: [
    { method: "agent", socket: null },
    { method: "key_file", path: "~/.ssh/id_ed25519", passphrase: null },
  ],
});

const item = (
  id: string,
  found_as: string,
  rest: Partial<ImportItem> & { host: ImportHost },
): ImportItem => ({
  id,
  found_as,
  place: "~/.ssh/config, line 12",
  name: found_as,
  kind: "podman",
  jumps: [],
  fields: {},
  remarks: [],
  known: null,
  same_as: null,
  is_suggested: true,
  ...rest,
});

const gate = host("door", "gate.example.org");

/** As at the first start; `isLater` knows a connection of it. */
export function importFound(scene: string): ImportFound[] {
  if (scene === "bare") return [];
  const known = scene === "empty" ? null : { connection_id: "forge-1", name: "forge-1" };
  return [
    {
      source: "ssh_config",
      files: ["~/.ssh/config", "~/.ssh/conf.d/work"],
      items: [
        item("ssh:forge-1", "forge-1", {
          host: host("alice", "10.0.0.4"),
          known,
          is_suggested: !known,
          remarks: ["2 port forwards stay with OpenSSH; Moorline forwards ports of workspaces itself."],
        }),
        item("ssh:prod-eu", "prod-eu", {
          host: host("alice", "10.20.0.4:2222"),
          jumps: [gate],
          remarks: [
            "The key ~/.ssh/id_work is not there and is left out.",
            "StrictHostKeyChecking is relaxed there; here an unknown host key is always shown first.",
          ],
        }),
        item("ssh:attic", "attic", { host: host("alice", "attic.example.org") }),
        item("ssh:gate", "gate", {
          host: gate,
          is_suggested: false,
          remarks: ["A jump host of prod-eu: needed on the way, ticked or not."],
        }),
        item("ssh:forge-2", "forge-2", {
          host: host("root", "10.0.0.7"),
          same_as: "podman:forge-2",
          is_suggested: false,
          name: "forge-2-2",
        }),
      ],
      left_out: [
        {
          what: "github.com",
          place: "~/.ssh/config, line 31",
          why: "it is a Git server, where nobody works",
        },
        {
          what: 'Match exec "on-vpn"',
          place: "~/.ssh/config, line 40",
          why: "Moorline does not evaluate Match, which may run programs; the lines below it are left out",
        },
      ],
    },
    {
      source: "podman",
      files: ["~/.config/containers/containers.conf"],
      items: [
        item("podman:forge-2", "forge-2", {
          host: host("root", "10.0.0.7"),
          place: "~/.config/containers/containers.conf",
          fields: { socket: "/run/podman/podman.sock" },
        }),
      ],
      left_out: [],
    },
    {
      source: "l8s",
      files: ["~/.config/l8s/config.yaml"],
      items: [
        item("l8s:", "l8s", {
          host: host("podman", "10.8.0.50", "192.168.1.100"),
          place: "~/.config/l8s/config.yaml",
          name: "vpn",
          fields: { socket: "/run/podman/podman.sock", port_range: "2300-2399" },
          remarks: [
            "vpn, home become addresses of one server: the first that answers is used, without switching.",
          ],
        }),
      ],
      left_out: [],
    },
  ];
}

export const adoptionOffer = ({ workspace }: WorkspaceView): AdoptionOffer => ({
  origin: workspace.origin,
  user: "dev",
  branch: "main",
  repository: "https://git.example.org/atlas/etl.git",
  facts: [
    "Published on every address of the server: port 2201, 3001. That stays so until it is rebuilt.",
    `Keeps its volumes: ${workspace.name}-home, ${workspace.name}-workspace.`,
    "l8s goes on seeing it and can still change it.",
  ],
});

/** Everything is taken but what is called attic. */
export const importTaken = ({ picks }: ImportTakeArgs): ImportTaken[] =>
  picks.map(({ id, name }) => ({
    id,
    connection_id: name === "attic" ? null : name,
    failure:
      name === "attic"
        ? {
            code: "conflict",
            message: 'there is a connection "attic" already',
            hint: "attic-2 is free.",
            field: "name",
            detail: null,
          }
        : null,
  }));
