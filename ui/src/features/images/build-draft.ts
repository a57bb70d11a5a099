/* What the build form holds, and the input that it means. */
import type { BuildArgument, BuildFrom, BuildInput } from "@/ipc";
import { messages } from "@/messages";
import { argumentsOf } from "./list";

export type SourceKind = BuildFrom["from"];

export interface BuildDraft {
  kind: SourceKind;
  name: string;
  path: string;
  containerfile: string;
  text: string;
  arguments: string;
  base: string;
  packages: string;
  user: string;
  isWithoutCache: boolean;
  isBasePulled: boolean;
}

const DEV_NAME = "localhost/moorline-dev:latest";
export const DEV_BASE = "docker.io/library/debian:12";

export const firstDraft = (kind: SourceKind, name: string | undefined): BuildDraft => ({
  kind,
  name: name ?? (kind === "dev_image" ? DEV_NAME : ""),
  path: "",
  containerfile: "",
  text: "FROM docker.io/library/debian:12\n",
  arguments: "",
  base: DEV_BASE,
  packages: "",
  user: "dev",
  isWithoutCache: false,
  isBasePulled: false,
});

/** What changes with another source: the dev image has a name of its own. */
export function withKind(draft: BuildDraft, kind: SourceKind): Partial<BuildDraft> {
  if (kind === "dev_image" && draft.name === "") return { kind, name: DEV_NAME };
  if (draft.kind === "dev_image" && draft.name === DEV_NAME) return { kind, name: "" };
  return { kind };
}

/** What is still missing before anybody is asked; empty when nothing needs to be said. */
export function localProblem(draft: BuildDraft): string | null {
  if (draft.name.trim() === "") return "";
  if (draft.kind === "folder" && draft.path.trim() === "") return "";
  return badArgument(draft);
}

/** A line of the arguments that is none. */
export function badArgument(draft: BuildDraft): string | null {
  if (draft.kind === "dev_image") return null;
  const { bad } = argumentsOf(draft.arguments);
  return bad === null ? null : messages.images.form.badArgument(bad);
}

export function inputOf(draft: BuildDraft): BuildInput {
  return {
    name: draft.name.trim(),
    source: sourceOf(draft),
    arguments: draft.kind === "dev_image" ? devArguments(draft) : argumentsOf(draft.arguments).arguments,
    is_without_cache: draft.isWithoutCache,
    is_base_pulled: draft.isBasePulled,
  };
}

function sourceOf(draft: BuildDraft): BuildFrom {
  switch (draft.kind) {
    case "folder":
      return { from: "folder", path: draft.path.trim(), containerfile: draft.containerfile.trim() };
    case "text":
      return { from: "text", containerfile: draft.text };
    case "dev_image":
      return { from: "dev_image" };
  }
}

/** What is left as it was is not sent: the Containerfile has the same defaults. */
function devArguments({ base, packages, user }: BuildDraft): BuildArgument[] {
  const all = [
    { name: "BASE", value: base.trim(), preset: DEV_BASE },
    { name: "PACKAGES", value: packages.trim(), preset: "" },
    { name: "DEV_USER", value: user.trim(), preset: "dev" },
  ];
  return all
    .filter(({ value, preset }) => value !== "" && value !== preset)
    .map(({ name, value }) => ({ name, value }));
}
