import { type KeyboardEvent, useState } from "react";
import { messages } from "@/messages";
import { cx } from "../cx";
import type { FieldControl } from "../Field";
import { listOf, listValue } from "./values";

/** Several ports as chips; Enter, comma or space takes the typed one in, Backspace the last one out. */
export function PortsInput({
  value,
  onChange,
  control,
}: {
  value: string;
  onChange: (value: string) => void;
  control: FieldControl;
}) {
  const [draft, setDraft] = useState("");
  const ports = listOf(value);
  const take = () => {
    const added = draft.split(/[\s,]+/).filter((entry) => entry !== "" && !ports.includes(entry));
    setDraft("");
    if (added.length > 0) onChange(listValue([...ports, ...added]));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (["Enter", ",", " "].includes(event.key) && draft.trim() !== "") {
      event.preventDefault();
      take();
    } else if (event.key === "Backspace" && draft === "" && ports.length > 0) {
      onChange(listValue(ports.slice(0, -1)));
    }
  };
  return (
    <span
      className={cx(
        "eased flex min-h-8 flex-wrap items-center gap-1.5 rounded-control border bg-raise px-2 py-1 focus-within:outline-2 focus-within:outline-accent focus-within:-outline-offset-1",
        control["aria-invalid"] ? "border-err" : "border-line-strong",
      )}
    >
      {ports.map((port) => (
        <button
          key={port}
          type="button"
          aria-label={messages.form.removePort(port)}
          title={messages.form.removePort(port)}
          onClick={() => onChange(listValue(ports.filter((other) => other !== port)))}
          className="inline-flex h-5 items-center rounded-full border border-accent-line bg-accent-soft px-2 font-mono text-accent hover:line-through"
        >
          {port}
        </button>
      ))}
      <input
        {...control}
        value={draft}
        inputMode="numeric"
        placeholder={messages.form.addPort}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={take}
        className="h-5 min-w-24 grow bg-transparent outline-none!"
      />
    </span>
  );
}
