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
  /** The control at the right of the label, for settings. */
  isRow?: boolean;
  children: (control: FieldControl) => ReactNode;
}

/** A label, a control, and below it the help or the error. */
export function Field({ label, help, error, suggestion, required, className, isRow, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const control: FieldControl = { id };
  if (help || error) control["aria-describedby"] = noteId;
  if (error) control["aria-invalid"] = true;
  if (required) control["aria-required"] = true;
  const note = (error || help) && (
    <div id={noteId} className={error ? "text-err" : "text-fg-3"}>
      {error || help}
      {error && suggestion && (
        <button type="button" className="ml-1.5 text-accent underline" onClick={suggestion.use}>
          {suggestion.label}
        </button>
      )}
    </div>
  );
  if (isRow)
    return (
      <div className={cx("flex items-center justify-between gap-4", className)}>
        <div className="min-w-0">
          <label htmlFor={id}>{label}</label>
          {note}
        </div>
        <div className="flex shrink-0">{children(control)}</div>
      </div>
    );
  return (
    <div className={cx("flex min-w-0 flex-col gap-1", className)}>
      <label htmlFor={id} className="text-fg-2">
        {label}
      </label>
      {children(control)}
      {note}
    </div>
  );
}
