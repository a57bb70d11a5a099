/* Draws one field of a form from its description. SSH hosts are drawn by the connections feature. */
import type { Field as FieldSpec } from "@/ipc";
import { messages } from "@/messages";
import { Field, type FieldControl } from "../Field";
import { Input, TextArea } from "../Input";
import { PathInput } from "../PathInput";
import { Select } from "../Select";
import { Switch } from "../Switch";
import { OpenChoice } from "./OpenChoice";
import { PortsInput } from "./PortsInput";

export interface FormFieldProps {
  field: FieldSpec;
  value: string;
  onChange: (value: string) => void;
  error?: string | null | undefined;
  suggestion?: string | null | undefined;
  /** A secret that is kept already may be left empty. */
  isKept?: boolean;
  className?: string;
}

/** A labelled control for one field, with its help or its error. */
export function FormField({ field, value, onChange, error, suggestion, isKept, className }: FormFieldProps) {
  return (
    <Field
      label={field.is_required ? field.label : messages.form.optional(field.label, isOptionalShown(field))}
      help={field.help}
      error={error}
      required={field.is_required}
      {...(suggestion
        ? { suggestion: { label: messages.form.use(suggestion), use: () => onChange(suggestion) } }
        : {})}
      {...(className ? { className } : {})}
    >
      {(control) => <Control {...{ field, value, onChange, control }} isKept={isKept ?? false} />}
    </Field>
  );
}

const isOptionalShown = ({ kind, default: preset }: FieldSpec) => preset === null && kind.type !== "switch";

interface ControlProps {
  field: FieldSpec;
  value: string;
  onChange: (value: string) => void;
  control: FieldControl;
  isKept: boolean;
}

function Control({ field, value, onChange, control, isKept }: ControlProps) {
  const { kind } = field;
  const placeholder = field.placeholder ?? undefined;
  const text = {
    ...control,
    value,
    ...(placeholder ? { placeholder } : {}),
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  switch (kind.type) {
    case "text":
      return <Input {...text} mono={kind.mono} />;
    case "file":
      return <PathInput {...text} onChange={onChange} title={field.label} />;
    case "port":
      return <Input {...text} inputMode="numeric" mono />;
    case "number":
      return (
        <Input
          {...text}
          inputMode="numeric"
          after={<span className="shrink-0 text-fg-3">{kind.unit}</span>}
        />
      );
    case "secret":
      return <Input {...text} type="password" {...(isKept ? { placeholder: messages.form.kept } : {})} />;
    case "choice":
      return kind.open ? (
        <OpenChoice
          {...{ value, onChange, control }}
          choices={kind.choices}
          {...(placeholder ? { placeholder } : {})}
        />
      ) : (
        <Select {...{ value, onChange, control }} options={kind.choices} />
      );
    case "ports":
      return <PortsInput {...{ value, onChange, control }} />;
    case "environment":
      return <TextArea {...text} mono />;
    case "switch":
      return (
        <Switch
          id={control.id}
          checked={value === "true"}
          onChange={(isOn) => onChange(isOn ? "true" : "false")}
        />
      );
    case "ssh_host":
      return null;
  }
}
