/* The invented form and plan of a rebuild. */
import type { Form, RebuildPlan } from "../generated/types";
import { type Args, workspaceForm } from "./create";

const DEFAULTS: Record<string, string> = {
  image: "localhost/dev:24.2",
  cpus: "4",
  memory: "8192",
  ports: "5432",
};

export const rebuildForm: Form = {
  fields: workspaceForm.fields
    .filter(({ name }) => name !== "name")
    .map((field) => ({ ...field, default: DEFAULTS[field.name] ?? null })),
};

const sizes = (input: Record<string, string>) => `${input.memory ?? ""} MiB`;

export function rebuildPlanOf({ workspace, input }: Args): RebuildPlan {
  const name = workspace.workspace_id;
  const ports = (list: string | undefined) =>
    [
      "22 on 2200",
      "3000 on 3000",
      ...(list ?? "")
        .split("\n")
        .filter(Boolean)
        .map((port, at) => `${port} on ${3100 + at}`),
    ].join(", ");
  return {
    plan: {
      subject: name,
      input,
      steps: [
        { name: "Check", summary: `Check that ${name}, the image and the ports are still as planned` },
        { name: "Volumes", summary: "Use the volumes it has" },
        { name: "Stop", summary: `Stop ${name}` },
        { name: "Set aside", summary: `Keep the old container as ${name}.before-rebuild` },
        {
          name: "Create",
          summary: `Make ${name} anew from ${(input.image ?? "").replace("localhost/", "")}`,
        },
        { name: "Start", summary: `Start the new ${name}` },
        { name: "Verify", summary: "Check that it stays up, and that what answered before answers again" },
        { name: "Clean up", summary: "Remove the old container; volumes stay" },
      ],
      warnings: [
        `What is in ${name} and not on a volume is lost: installed packages, and files outside /home/dev and /workspace.`,
      ],
      problems: [],
      command: null,
    },
    changes: [
      { what: "Image", before: "localhost/dev:24.2 (3f2ac1b09d77)", after: `${input.image} (9be04c55a1f2)` },
      { what: "CPU", before: "4 cores", after: `${input.cpus} cores` },
      { what: "Memory", before: "8192 MiB", after: sizes(input) },
      { what: "Ports", before: ports("5432"), after: ports(input.ports) },
      {
        what: "Volumes",
        before: `${name}-home at /home/dev, ${name}-workspace at /workspace`,
        after: `${name}-home at /home/dev, ${name}-workspace at /workspace`,
      },
      { what: "Environment", before: "3 variables", after: "3 variables" },
    ],
  };
}
