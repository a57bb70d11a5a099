/* The choices of a set-up: those that are about rights as cards, the rest as fields. */
import { useId } from "react";
import { cx, FormField, type Values } from "@/components";
import type { Choice, Field } from "@/ipc";

interface ChoicesProps {
  fields: readonly Field[];
  values: Values;
  onChange: (name: string, value: string) => void;
}

export function Choices({ fields, values, onChange }: ChoicesProps) {
  return fields.map((field) => {
    const { name, label, kind } = field;
    const value = values[name] ?? "";
    return kind.type === "choice" && !kind.open ? (
      <Cards
        key={name}
        label={label}
        choices={kind.choices}
        value={value}
        onChange={(next) => onChange(name, next)}
      />
    ) : (
      <FormField key={name} field={field} value={value} onChange={(next) => onChange(name, next)} />
    );
  });
}

interface CardsProps {
  label: string;
  choices: readonly Choice[];
  value: string;
  onChange: (value: string) => void;
}

function Cards({ label, choices, value, onChange }: CardsProps) {
  const group = useId();
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-fg-2">{label}</legend>
      {choices.map((choice) => (
        <label
          key={choice.value}
          className={cx(
            "eased flex items-start gap-2.5 rounded-card border px-3 py-2.5 has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent",
            choice.value === value ? "border-accent-line! bg-selected" : "bg-raise hover:bg-hover",
          )}
        >
          <input
            type="radio"
            name={group}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
            className="mt-1 size-3.5 shrink-0 accent-accent-solid outline-none!"
          />
          <span className="min-w-0">
            <span className="block font-[550]">{choice.label}</span>
            {choice.remark && <span className="block text-fg-2">{choice.remark}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
