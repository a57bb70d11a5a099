import { TriangleAlert } from "lucide-react";
import { ErrorBox } from "@/components";
import type { AppError, FieldProblem } from "@/ipc";
import { messages } from "@/messages";
import type { Planning } from "./usePlan";

const words = messages.create;

/** Every step that creating would take, and what to mind before. */
export function PlanColumn({
  planning,
  stray,
  refusal,
}: {
  planning: Planning;
  /** Problems that belong to no field of the form. */
  stray: readonly FieldProblem[];
  /** Why the server did not begin. */
  refusal: AppError | null;
}) {
  const { plan, isCurrent, failure, again } = planning;
  return (
    <section aria-labelledby="plan-title" className="flex flex-col gap-3 p-4.5 pt-5">
      <h3 id="plan-title" className="font-semibold">
        {words.happens}
      </h3>
      {refusal && <ErrorBox failure={refusal} />}
      {failure && <ErrorBox failure={failure} onRetry={again} />}
      {stray.map(({ field, message }) => (
        <p key={`${field} ${message}`} className="text-err">
          {words.unknownProblem(field, message)}
        </p>
      ))}
      {plan ? (
        <ol aria-busy={!isCurrent} className="eased flex flex-col gap-3">
          {plan.steps.map((step, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps keep their order and may share a name
            <li key={index} className="flex gap-2.5">
              <span className="w-3 shrink-0 text-fg-3">{index + 1}</span>
              <span className="min-w-0 text-fg-2 wrap-anywhere">{step.summary}</span>
            </li>
          ))}
        </ol>
      ) : (
        !failure && <p className="text-fg-3">{words.happensHint}</p>
      )}
      {plan?.warnings.map((warning) => (
        <p key={warning} className="flex gap-2 rounded-card bg-warn-soft px-2.5 py-2">
          <TriangleAlert className="mt-0.5 text-warn" />
          <span className="min-w-0 wrap-anywhere">{warning}</span>
        </p>
      ))}
    </section>
  );
}
