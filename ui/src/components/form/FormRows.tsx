import type { Field, FieldProblem } from "@/ipc";
import { FormField } from "./FormField";
import { fieldRows, rowColumns } from "./rows";
import type { Values } from "./values";

/** Fields one below the other; short ones that follow each other share a row. */
export function FormRows({
  fields,
  values,
  problems,
  onChange,
}: {
  fields: readonly Field[];
  values: Values;
  problems: readonly FieldProblem[];
  onChange: (name: string, value: string) => void;
}) {
  return fieldRows(fields).map((row) => (
    <div
      key={row[0]?.name}
      className="grid items-start gap-3.5"
      style={{ gridTemplateColumns: rowColumns(row) }}
    >
      {row.map((field) => {
        const problem = problems.find((candidate) => candidate.field === field.name);
        return (
          <div key={field.name} data-field={field.name} className="min-w-0">
            <FormField
              field={field}
              value={values[field.name] ?? ""}
              onChange={(value) => onChange(field.name, value)}
              error={problem?.message}
              suggestion={problem?.suggestion}
            />
          </div>
        );
      })}
    </div>
  ));
}
