import { type ReactNode, useId } from "react";
import { cx } from "./cx";

/** What a control inside a field must carry to be labelled and described. */
export interface FieldControl {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
  "aria-required"?: true;
}

interface FieldProps {
  label: string;
  help?: string | null | undefined;
  /** A sentence that names the thing and the value that would work. */
  error?: string | null | undefined;
  /** Offered as a button behind the error. */
  suggestion?: { label: string; use: () => void } | undefined;
  required?: boolean;
  className?: string;
  children: (control: FieldControl) => ReactNode;
}

/** A label, a control, and below it the help or the error. */
export function Field({ label, help, error, suggestion, required, className, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const control: FieldControl = { id };
  if (help || error) control["aria-describedby"] = noteId;
  if (error) control["aria-invalid"] = true;
  if (required) control["aria-required"] = true;
  return (
    <div className={cx("flex min-w-0 flex-col gap-1", className)}>
      <label htmlFor={id} className="text-fg-2">
        {label}
      </label>
      {children(control)}
      {(error || help) && (
        <div id={noteId} className={error ? "text-err" : "text-fg-3"}>
          {error || help}
          {error && suggestion && (
            <button type="button" className="ml-1.5 text-accent underline" onClick={suggestion.use}>
              {suggestion.label}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
