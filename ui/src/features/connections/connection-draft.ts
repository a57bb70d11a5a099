/* A connection while it is typed, what is wrong with it, and how it becomes what the core takes. */
import type { ProposedConnection } from "@/app/dialogs";
import { defaultValues, isPort, problemOf, type Values } from "@/components";
import type { ConnectionInput, ConnectionView, Descriptor, Field } from "@/ipc";
import { messages } from "@/messages";
import { draftOfHost, type HostDraft, hostInput, newHost, suggestedName } from "./host-draft";

export interface ConnectionDraft {
  kind: string;
  /** Null while it follows the host's address. */
  name: string | null;
  values: Values;
  host: HostDraft;
  connectAtStart: boolean;
}

/** Sentences by field; host fields are "address", "user" and "auth". */
export type Problems = Record<string, string>;

export function newDraft(descriptor: Descriptor, proposed?: ProposedConnection): ConnectionDraft {
  const host = newHost();
  return {
    kind: descriptor.kind,
    name: proposed?.name ?? null,
    values: defaultValues(descriptor.fields),
    host: proposed
      ? {
          ...host,
          addresses: [{ host: proposed.host, port: String(proposed.port) }],
          user: proposed.user ?? "",
        }
      : host,
    connectAtStart: true,
  };
}

export function draftOf(
  { connection, ssh_host, jumps }: ConnectionView,
  descriptor: Descriptor,
): ConnectionDraft {
  const fields = Object.fromEntries(
    Object.entries(connection.fields).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
  return {
    kind: connection.kind,
    name: connection.name,
    values: { ...defaultValues(descriptor.fields), ...fields },
    host: ssh_host ? draftOfHost(ssh_host, jumps) : newHost(),
    connectAtStart: connection.connect_at_start,
  };
}

export const nameOf = ({ name, host }: ConnectionDraft): string => (name ?? suggestedName(host)).trim();

const isSecret = ({ kind }: Field) => kind.type === "secret";
const isHost = ({ kind }: Field) => kind.type === "ssh_host";

export function inputOf(draft: ConnectionDraft, { fields }: Descriptor): ConnectionInput {
  const pick = (chosen: readonly Field[]) =>
    Object.fromEntries(
      chosen.map(({ name }) => [name, draft.values[name] ?? ""]).filter(([, value]) => value !== ""),
    );
  return {
    kind: draft.kind,
    name: nameOf(draft),
    fields: pick(fields.filter((field) => !isSecret(field) && !isHost(field))),
    secrets: pick(fields.filter(isSecret)),
    ssh_host: fields.some(isHost) ? hostInput(draft.host) : null,
    connect_at_start: draft.connectAtStart,
  };
}

/** What is wrong before anybody asks the core. `kept`: secret fields that have a value already. */
export function problemsOf(
  draft: ConnectionDraft,
  { fields }: Descriptor,
  kept: ReadonlySet<string>,
): Problems {
  const problems: Problems = {};
  const words = messages.connections;
  if (nameOf(draft) === "") problems.name = words.form.required(words.form.name);
  for (const field of fields) {
    if (isHost(field)) Object.assign(problems, hostProblems(draft.host));
    else if (!(isSecret(field) && kept.has(field.name))) {
      const problem = problemOf(field, draft.values[field.name] ?? "", messages.form.problems);
      if (problem) problems[field.name] = problem;
    }
  }
  return problems;
}

export function hostProblems({ addresses, user, auth, jumps }: HostDraft): Problems {
  const words = messages.connections;
  const problems: Problems = {};
  const named = addresses.filter(({ host }) => host.trim() !== "");
  const badPort = named.find(({ port }) => !isPort(port.trim()));
  if (named.length === 0) problems.address = words.form.required(words.host.address);
  else if (badPort) problems.address = messages.form.problems.port(badPort.port);
  if (user.trim() === "") problems.user = words.form.required(words.host.user);
  if (auth.length === 0) problems.auth = words.host.authNeeded;
  jumps.forEach((jump, index) => {
    for (const [field, problem] of Object.entries(hostProblems(jump)))
      problems[`jumps.${index}.${field}`] = problem;
  });
  return problems;
}

/** The part of the problems that belongs to one jump host. */
export function problemsOfJump(problems: Problems, index: number): Problems {
  const prefix = `jumps.${index}.`;
  return Object.fromEntries(
    Object.entries(problems).flatMap(([field, text]) =>
      field.startsWith(prefix) ? [[field.slice(prefix.length), text]] : [],
    ),
  );
}
