import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import { ErrorBox, FormRows, type Values } from "@/components";
import type { Field, FieldProblem } from "@/ipc";
import { messages } from "@/messages";
import type { FormState } from "./useForm";

interface FormColumnProps {
  state: FormState;
  /** Those of the form that are shown. */
  fields: readonly Field[];
  server: string;
  values: Values;
  problems: readonly FieldProblem[];
  onChange: (name: string, value: string) => void;
}

/** The fields that the server offers; what few need is folded away until it is wanted or wrong. */
export function FormColumn({ state, fields, server, ...rest }: FormColumnProps) {
  const { form, failure, again } = state;
  const [isOpen, setOpen] = useState(false);
  if (failure) return <ErrorBox failure={failure} onRetry={again} />;
  if (!form) return <p className="appear-late text-fg-3">{messages.create.loadingForm(server)}</p>;
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
