import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import type { Field, FieldProblem } from "@/ipc";
import { messages } from "@/messages";
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
  const [isOpen, setOpen] = useState(false);
  const advanced = fields.filter(({ is_advanced }) => is_advanced);
  const isShown = isOpen || advanced.some(({ name }) => rest.problems.some(({ field }) => field === name));
  return (
    <>
      <FormRows fields={fields.filter(({ is_advanced }) => !is_advanced)} {...rest} />
      {advanced.length > 0 && (
        <button
          type="button"
          aria-expanded={isShown}
          onClick={() => setOpen(!isShown)}
          className="eased flex items-center gap-1 self-start rounded-control text-fg-2 hover:text-fg"
        >
          {isShown ? <ChevronDown /> : <ChevronRight />}
          {isShown ? messages.form.fewer : messages.form.more}
        </button>
      )}
      {isShown && <FormRows fields={advanced} {...rest} />}
    </>
  );
}
