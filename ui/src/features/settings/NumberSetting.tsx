import { useEffect, useState } from "react";
import { type FieldControl, Input } from "@/components";

interface NumberSettingProps {
  control: FieldControl;
  unit: string;
  value: number;
  isValid: (value: number) => boolean;
  onChange: (value: number) => void;
  /** Hears whether what stands in the field will do. */
  onValid: (isValid: boolean) => void;
}

/** A whole number that is kept when the field is left or Enter is pressed. */
export function NumberSetting({ control, unit, value, isValid, onChange, onValid }: NumberSettingProps) {
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  const good = (entered: string) => entered.trim() !== "" && isValid(Number(entered));
  const keep = () => {
    if (good(text) && Number(text) !== value) onChange(Number(text));
  };
  return (
    <Input
      {...control}
      className="w-32!"
      inputMode="numeric"
      value={text}
      after={<span className="text-fg-3">{unit}</span>}
      onChange={(event) => {
        setText(event.target.value);
        onValid(good(event.target.value));
      }}
      onBlur={keep}
      onKeyDown={(event) => event.key === "Enter" && keep()}
    />
  );
}
