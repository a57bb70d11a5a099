/* The form of a connection, drawn from its kind's descriptor. */
import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import { Button, Field, FormField, Input, Switch } from "@/components";
import type { Descriptor, Field as FieldSpec } from "@/ipc";
import { messages } from "@/messages";
import { type ConnectionDraft, nameOf, type Problems } from "./connection-draft";
import { HostForm } from "./HostForm";
import { type FieldFocus, useFieldFocus } from "./useFieldFocus";

const words = messages.connections.form;

interface ConnectionFormProps {
  draft: ConnectionDraft;
  descriptor: Descriptor;
  problems: Problems;
  /** Secret fields that have a value already. */
  kept: ReadonlySet<string>;
  /** A field that somebody wants to change: it is shown and gets the focus. */
  focus?: FieldFocus | null;
  onChange: (draft: ConnectionDraft) => void;
}

export function ConnectionForm({ draft, descriptor, problems, kept, focus, onChange }: ConnectionFormProps) {
  const [showsMore, setShowsMore] = useState(false);
  const [shown, setShown] = useState(focus);
  const form = useFieldFocus(focus ?? null, descriptor);
  const advanced = descriptor.fields.filter(({ is_advanced }) => is_advanced);
  if (focus !== shown) {
    setShown(focus);
    if (advanced.some(({ name }) => name === focus?.field)) setShowsMore(true);
  }
  const isOpen = showsMore || advanced.some(({ name }) => problems[name]);
  const draw = (field: FieldSpec) =>
    field.kind.type === "ssh_host" ? (
      <HostForm
        key={field.name}
        host={draft.host}
        problems={problems}
        onChange={(host) => onChange({ ...draft, host })}
      />
    ) : (
      <div key={field.name} data-field={field.name}>
        <FormField
          field={field}
          value={draft.values[field.name] ?? ""}
          error={problems[field.name]}
          isKept={kept.has(field.name)}
          onChange={(value) => onChange({ ...draft, values: { ...draft.values, [field.name]: value } })}
        />
      </div>
    );
  return (
    <div ref={form} className="flex flex-col gap-3.5">
      {descriptor.fields.filter(({ is_advanced }) => !is_advanced).map(draw)}
      <Field label={words.name} help={words.nameHelp} error={problems.name} required className="w-1/2 pr-1.5">
        {(control) => (
          <Input
            {...control}
            value={draft.name ?? nameOf(draft)}
            onChange={(event) => onChange({ ...draft, name: event.target.value })}
          />
        )}
      </Field>
      <Field label={words.atStart} isRow>
        {(control) => (
          <Switch
            {...control}
            checked={draft.connectAtStart}
            onChange={(connectAtStart) => onChange({ ...draft, connectAtStart })}
          />
        )}
      </Field>
      {advanced.length > 0 && (
        <div className="flex flex-col gap-3.5">
          <Button
            tone="quiet"
            aria-expanded={isOpen}
            className="-ml-2 self-start px-2!"
            icon={isOpen ? <ChevronDown className="size-3.5!" /> : <ChevronRight className="size-3.5!" />}
            onClick={() => setShowsMore(!isOpen)}
          >
            {isOpen ? messages.form.fewer : messages.form.more}
          </Button>
          {isOpen && advanced.map(draw)}
        </div>
      )}
    </div>
  );
}
