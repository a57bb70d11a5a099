import { ErrorBox, FoldedRows, type Values } from "@/components";
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

/** The fields that the server offers. */
export function FormColumn({ state: { form, failure, again }, server, ...rest }: FormColumnProps) {
  if (failure) return <ErrorBox failure={failure} onRetry={again} />;
  if (!form) return <p className="appear-late text-fg-3">{messages.create.loadingForm(server)}</p>;
  return <FoldedRows {...rest} />;
}
