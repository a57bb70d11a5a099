import { useState } from "react";
import { type AppError, type ConnectionInput, type ConnectionView, type Descriptor, toFailure } from "@/ipc";
import { messages } from "@/messages";
import { type ConnectionDraft, inputOf, type Problems, problemsOf } from "./connection-draft";

const NO_PROBLEMS: Problems = {};

/** Holds a draft, checks it, sends it, and puts what comes back at the field it belongs to. */
export function useConnectionForm(
  first: ConnectionDraft,
  descriptor: Descriptor,
  kept: ReadonlySet<string>,
  send: (input: ConnectionInput) => Promise<ConnectionView>,
  onSaved: (view: ConnectionView) => void,
) {
  const [draft, setDraft] = useState(first);
  const [wasSent, setWasSent] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const own = wasSent ? problemsOf(draft, descriptor, kept) : NO_PROBLEMS;
  const atField = failure ? fieldProblem(failure, descriptor) : NO_PROBLEMS;
  const change = (next: ConnectionDraft) => {
    setDraft(next);
    setFailure(null);
  };
  const submit = () => {
    setWasSent(true);
    if (isSaving || Object.keys(problemsOf(draft, descriptor, kept)).length > 0) return;
    setSaving(true);
    send(inputOf(draft, descriptor)).then(
      (view) => {
        setSaving(false);
        onSaved(view);
      },
      (thrown) => {
        setFailure(toFailure(thrown));
        setSaving(false);
      },
    );
  };
  /** The input as it is now; null, with the problems shown, when it will not do. */
  const complete = (): ConnectionInput | null => {
    setWasSent(true);
    const isComplete = Object.keys(problemsOf(draft, descriptor, kept)).length === 0;
    return isComplete ? inputOf(draft, descriptor) : null;
  };
  return {
    draft,
    change,
    submit,
    complete,
    isSaving,
    problems: { ...own, ...atField },
    failure: failure && Object.keys(atField).length === 0 ? failure : null,
  };
}

/** Fields of the host form, under the names that the core may use for them. */
const HOST_FIELDS: Record<string, string> = {
  ssh_host: "address",
  addresses: "address",
  address: "address",
  host: "address",
  port: "address",
  user: "user",
  auth: "auth",
};

function fieldProblem({ field, message, hint }: AppError, descriptor: Descriptor): Problems {
  const own = field === null ? null : formField(field, descriptor);
  if (!own) return NO_PROBLEMS;
  const text = [message, hint].flatMap((part) => (part ? [messages.sentence(part)] : [])).join(" ");
  return { [own]: text };
}

/** The form's name of a field that a failure or a fix names; null when the form has none. */
export function formField(field: string, { fields }: Descriptor): string | null {
  if (field === "name" || fields.some(({ name, kind }) => name === field && kind.type !== "ssh_host"))
    return field;
  const own = HOST_FIELDS[field.split(".").at(-1) ?? field];
  const jump = /jumps\.(\d+)\./.exec(field);
  return own && jump ? `jumps.${jump[1]}.${own}` : (own ?? null);
}
