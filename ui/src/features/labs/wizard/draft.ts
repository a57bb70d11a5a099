/* What was entered for a new lab. It outlives the dialog, so that Escape loses nothing. */
import { create } from "zustand";
import type { ConnectionId, ConnectionView, LabInput, LabTemplatePick, TemplatePreview } from "@/ipc";
import { messages } from "@/messages";

const words = messages.newLab;

export type Step = "topology" | "settings";

export interface Draft {
  step: Step;
  pick: LabTemplatePick | null;
  connectionId: ConnectionId | null;
  /** None: made from the topology's name. */
  name: string | null;
  instance: string;
  autoStopMinutes: number | null;
  variables: Readonly<Record<string, string>>;
}

export const EMPTY: Draft = {
  step: "topology",
  pick: null,
  connectionId: null,
  name: null,
  instance: "",
  autoStopMinutes: null,
  variables: {},
};

export const useDraft = create<Draft>(() => EMPTY);

export const change = (part: Partial<Draft>): void => useDraft.setState(part);

/** Another topology has other variables, and suggests another name. */
export const choosePick = (pick: LabTemplatePick): void =>
  useDraft.setState((draft) =>
    draft.pick?.template_id === pick.template_id && draft.pick.topology === pick.topology
      ? draft
      : { pick, variables: {}, name: null },
  );

/** True when something was entered that would be missed. */
export const isBegun = (draft: Draft): boolean =>
  draft.name !== null || draft.instance !== "" || Object.keys(draft.variables).length > 0;

/** A name that will do, from whatever the topology is called. */
export function nameFrom(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 40);
  return plain.length >= 2 ? plain : "lab";
}

export const nameProblem = (name: string): string | null =>
  /^[A-Za-z][A-Za-z0-9-]{1,39}$/.test(name) ? null : words.nameWrong(name);

export function instanceProblem(text: string, most: number | null): string | null {
  if (text.trim() === "" || most === null) return null;
  const number = Number(text);
  return Number.isInteger(number) && number >= 1 && number <= most ? null : words.instanceWrong(text, most);
}

/** Why a server cannot run the topology; null when it can. */
export function refusalOf(server: ConnectionView, preview: TemplatePreview): string | null {
  const { kind } = preview.topology;
  if (!server.labs) return words.away;
  if (kind === null) return words.unknownKind;
  return server.labs.takes.includes(kind) ? null : words.wrongKind(kind);
}

/** The input as the core takes it. */
export function inputOf(
  draft: Draft,
  connection_id: ConnectionId,
  name: string,
  preview: TemplatePreview,
): LabInput {
  const variables = preview.variables.flatMap((variable): [string, string][] => {
    const value = draft.variables[variable.name] ?? variable.default;
    return value === null ? [] : [[variable.name, value]];
  });
  return {
    connection_id,
    name,
    template: draft.pick ?? { template_id: "", topology: preview.topology.path },
    variables: Object.fromEntries(variables),
    instance: draft.instance.trim() === "" ? null : Number(draft.instance),
    auto_stop_minutes: draft.autoStopMinutes,
  };
}
