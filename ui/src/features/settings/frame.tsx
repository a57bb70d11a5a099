/* What a section of the settings is, and how one row of it looks. Other features bring sections of their
   own through app/routes. */
import { type ReactNode, useId } from "react";
import type { FieldControl } from "@/components";

export interface SettingsRow {
  id: string;
  label: string;
  help?: string;
  content: ReactNode;
}

export interface SettingsSection {
  /** Part of its address: /settings/<id>. */
  id: string;
  title: string;
  icon: ReactNode;
  rows: readonly SettingsRow[];
}

interface RowProps {
  id: string;
  label: string;
  help?: string;
  error?: string | null;
  /** The control at the right; it carries what names and describes it. */
  control: (control: FieldControl) => ReactNode;
  /** Below the row, over its whole width. */
  below?: ReactNode;
}

/** A row with its words, for search, and its control. */
export function row({ id, label, help, ...rest }: RowProps): SettingsRow {
  const words = help === undefined ? { label } : { label, help };
  return { id, ...words, content: <Row {...words} {...rest} /> };
}

function Row({ label, help, error, control, below }: Omit<RowProps, "id">) {
  const id = useId();
  const note = error || help;
  const props: FieldControl = { id };
  if (note) props["aria-describedby"] = `${id}-note`;
  if (error) props["aria-invalid"] = true;
  return (
    <div className="flex flex-col gap-2.5 py-3">
      <div className="flex min-h-8 items-center justify-between gap-6">
        <div className="min-w-0">
          <label htmlFor={id} className="font-[550]">
            {label}
          </label>
          {note && (
            <p id={`${id}-note`} className={error ? "text-err" : "text-fg-2"}>
              {note}
            </p>
          )}
        </div>
        <div className="flex shrink-0 items-center gap-2">{control(props)}</div>
      </div>
      {below}
    </div>
  );
}
