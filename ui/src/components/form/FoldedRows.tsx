import type { Field, FieldProblem } from "@/ipc";
import { Fold } from "./Fold";
import { FormRows } from "./FormRows";
import type { Values } from "./values";

interface FoldedRowsProps {
  fields: readonly Field[];
  values: Values;
  problems: readonly FieldProblem[];
  onChange: (name: string, value: string) => void;
}

/** The rows of a form; what few need is folded away until it is wanted or wrong. */
export function FoldedRows({ fields, ...rest }: FoldedRowsProps) {
  const advanced = fields.filter(({ is_advanced }) => is_advanced);
  const isWrong = advanced.some(({ name }) => rest.problems.some(({ field }) => field === name));
  return (
    <>
      <FormRows fields={fields.filter(({ is_advanced }) => !is_advanced)} {...rest} />
      {advanced.length > 0 && (
        <Fold isNeeded={isWrong}>
          <FormRows fields={advanced} {...rest} />
        </Fold>
      )}
    </>
  );
}
