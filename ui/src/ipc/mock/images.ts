/* Invented images on two servers, and answers of what is done to them. */
import type {
  BuildInput,
  Failure,
  Image,
  ImageBase,
  Plan,
  PruneList,
  PruneScope,
  ServerImages,
} from "../generated/types";
import { DAY, HOUR, NOW } from "./connections";
import type { Args } from "./create";

const MIB = 1024 * 1024;
const debian = "docker.io/library/debian:12";
const current: ImageBase = { state: "current", name: debian };

const image = (id: string, names: string[], mib: number, age: number, rest: Partial<Image> = {}): Image => ({
  id: `${id}${"0".repeat(64 - id.length)}`,
  names,
  size_bytes: mib * MIB,
  created_at: NOW - age,
  base: { state: "unrecorded" },
  used_by: [],
  is_dev_image: false,
  ...rest,
});

const users = (...names: string[]) => names.map((name) => ({ name, workspace_id: name }));

const forge1: Image[] = [
  image("9f31", ["localhost/moorline-dev:latest"], 1240, 3 * DAY, {
    base: { state: "outdated", name: debian, base_created_at: NOW - 9 * HOUR },
    used_by: users("atlas-api", "atlas-web", "docs", "exp-31"),
    is_dev_image: true,
  }),
  image("7be2", ["localhost/dev:24.2", "localhost/dev:latest"], 1180, 12 * DAY, {
    base: current,
    used_by: users("ml-batch", "atlas-exp"),
  }),
  image("b004", [debian], 117, 9 * HOUR),
  image("c2d9", ["docker.io/library/postgres:16"], 432, 40 * DAY, { used_by: users("atlas-db") }),
  image("41aa", ["quay.io/team/toolbox:2026.10"], 890, 33 * DAY, {
    base: { state: "absent", name: "registry.fedoraproject.org/fedora:41" },
  }),
  image("e7c0", [], 1175, 13 * DAY, { base: current }),
  image("0d15", [], 1190, 20 * DAY, { base: current }),
];

const forge2: Image[] = [
  image("7be2", ["localhost/dev:24.2"], 1180, 12 * DAY, { base: current, used_by: users("bench") }),
  image("b112", ["docker.io/library/fedora:41"], 164, 18 * DAY),
];

const silent: Failure = {
  code: "unreachable",
  message: "forge-2 did not answer within 30 seconds",
  hint: "Check the network and the server's load.",
  field: null,
  detail: null,
};

const server = (id: string, images: Image[], mib: number, failure: Failure | null = null): ServerImages => ({
  connection_id: id,
  connection_name: id,
  images: failure ? [] : images,
  disk_bytes: failure ? null : mib * MIB,
  failure,
});

/** What `images_list` answers in a scene. */
function serverImages(scene: string): ServerImages[] {
  if (scene === "empty" || scene === "down") return [];
  if (scene === "none") return [server("forge-1", [], 0)];
  if (scene === "half") return [server("forge-1", forge1, 4310), server("forge-2", [], 0, silent)];
  return [server("forge-1", forge1, 4310), server("forge-2", forge2, 1344)];
}

const SHARED = 0.35;

function pruneList(scope: PruneScope, kept: readonly string[]): PruneList {
  const images = forge1.filter(
    ({ id, names, used_by }) =>
      used_by.length === 0 &&
      names[0] !== debian &&
      !kept.includes(id) &&
      (scope === "unused" || names.length === 0),
  );
  const bytes = images.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
  return { images, freed_bytes: Math.round(bytes * SHARED) };
}

const step = (name: string, summary: string) => ({ name, summary });

function buildPlan(input: BuildInput): Plan {
  const isBad = /[A-Z]/.test(input.name);
  const lines =
    input.source.from === "dev_image"
      ? [
          "ARG BASE=docker.io/library/debian:12",
          "FROM $BASE",
          'RUN sh /tmp/moorline/packages.sh "$PACKAGES"',
          'RUN sh /tmp/moorline/code-server.sh "$CODE_SERVER"',
          'RUN sh /tmp/moorline/user.sh "$DEV_USER"',
          'CMD ["/usr/local/bin/moorline-start"]',
        ]
      : ["FROM docker.io/library/debian:12", "COPY . /workspace", "RUN make -C /workspace install"];
  const sent =
    input.source.from === "folder"
      ? "Send 214 files, 3 MiB, to forge-1; 3 left out by .containerignore"
      : "Send the files to forge-1";
  const name = input.name.includes("/") ? input.name : `localhost/${input.name}`;
  return {
    subject: name,
    input: {},
    steps: [
      step("Send", sent),
      ...lines.map((line) => step(line.split(" ")[0] ?? "", line)),
      step("Store", `Store it as ${name}`),
    ],
    warnings:
      input.arguments.length > 0 ? ["Values of build arguments stay readable in the image's history."] : [],
    problems: isBad
      ? [
          {
            field: "name",
            message: `"${input.name}" has capital letters; names of images have none`,
            suggestion: input.name.toLowerCase(),
          },
        ]
      : [],
    command: null,
  };
}

/** What the commands about images answer in a scene. */
export const imageHandlers = (scene: string) => ({
  images_list: () => serverImages(scene),
  images_prune_list: ({ scope, kept }: Args) => pruneList(scope, kept),
  image_build_plan: ({ input }: Args) => buildPlan(input as unknown as BuildInput),
  image_build: () => ({ run_id: "run-create" }),
  image_pull: () => ({ run_id: "run-pull" }),
  image_tag: () => ({ run_id: "run-pull" }),
  image_remove: () => ({ run_id: "run-pull" }),
  images_prune: () => ({ run_id: "run-pull" }),
});
