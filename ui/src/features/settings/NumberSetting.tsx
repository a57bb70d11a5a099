import { useEffect, useState } from "react";
import { Field, Input } from "@/components";
import { messages } from "@/messages";

interface NumberSettingProps {
  label: string;
  help: string;
  unit: string;
  min: number;
  max: number;
  value: number;
  onChange: (value: number) => void;
  /** What the core had against the last value. */
  refused: string | null;
}

/** A whole number that is kept when the field is left or Enter is pressed. */
export function NumberSetting({ label, help, unit, min, max, value, onChange, refused }: NumberSettingProps) {
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  const number = Number(text);
  const isValid = text.trim() !== "" && Number.isInteger(number) && number >= min && number <= max;
  const keep = () => {
    if (isValid && number !== value) onChange(number);
  };
  return (
    <Field
      label={label}
      help={help}
      error={isValid ? refused : messages.settings.outOfRange(label, min, max)}
      isRow
    >
      {(control) => (
        <Input
          {...control}
          className="w-32!"
          inputMode="numeric"
          value={text}
          after={<span className="text-fg-3">{unit}</span>}
          onChange={(event) => setText(event.target.value)}
          onBlur={keep}
          onKeyDown={(event) => event.key === "Enter" && keep()}
        />
      )}
    </Field>
  );
}
