/* The invented form for a new workspace, and plans made from it. */
import type { Editor, Form, Plan, PruneScope, TerminalId, WorkspaceRef } from "../generated/types";

/** The arguments of any command, as far as the mock reads them. */
export interface Args {
  workspace: WorkspaceRef;
  connection_id: string;
  terminal_id: TerminalId;
  run_id: string;
  notice_id: string | null;
  link_id: string;
  tunnel_id: string;
  answer: string;
  stream: number;
  data: string;
  bytes: number;
  editor: Editor;
  scope: PruneScope;
  kept: string[];
  input: Record<string, string>;
}

const plain = { help: null, placeholder: null, is_required: false, default: null, is_advanced: false };

export const workspaceForm: Form = {
  fields: [
    { ...plain, name: "name", label: "Name", is_required: true, kind: { type: "text", mono: false } },
    {
      ...plain,
      name: "image",
      label: "Image",
      is_required: true,
      default: "localhost/dev:24.2",
      kind: {
        type: "choice",
        open: true,
        choices: [
          { value: "localhost/dev:24.2", label: "dev:24.2", remark: "1.2 GiB" },
          { value: "localhost/dev:23.9", label: "dev:23.9", remark: "1.1 GiB" },
        ],
      },
    },
    { ...plain, name: "cpus", label: "CPU", kind: { type: "number", unit: "cores", min: 1, max: 32 } },
    { ...plain, name: "memory", label: "Memory", kind: { type: "number", unit: "MiB", min: 64, max: 65536 } },
    { ...plain, name: "ports", label: "Ports", default: "3000\n5432", kind: { type: "ports" } },
    { ...plain, name: "environment", label: "Environment", is_advanced: true, kind: { type: "environment" } },
  ],
};

export function planOf({ input }: Args): Plan {
  const name = input.name ?? "";
  const isTaken = name === "atlas-api";
  return {
    subject: name,
    input,
    steps: [
      { name: "Volumes", summary: `Make volumes ${name}-home and ${name}-workspace` },
      { name: "Container", summary: `Make a container from ${input.image ?? ""}` },
      { name: "Start", summary: "Start it and wait for SSH" },
    ],
    warnings: [],
    problems: isTaken
      ? [
          {
            field: "name",
            message: "forge-1 already has atlas-api. atlas-api-2 is free.",
            suggestion: "atlas-api-2",
          },
        ]
      : [],
    command: `podman create --name ${name} ${input.image ?? ""}`,
  };
}
