import type { Asked } from "@/app/asked";
import { ErrorBox, PlanSteps, PlanWarnings } from "@/components";
import type { AppError, FieldProblem, Plan } from "@/ipc";
import { messages } from "@/messages";

const words = messages.create;

interface PlanColumnProps {
  planning: Asked<Plan>;
  /** Problems that belong to no field of the form. */
  stray: readonly FieldProblem[];
  /** Why the server did not begin. */
  refusal: AppError | null;
}

/** Every step that creating would take, and what to mind before. */
export function PlanColumn({ planning, stray, refusal }: PlanColumnProps) {
  const { answer: plan, isCurrent, failure, again } = planning;
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
      {plan && <PlanSteps steps={plan.steps} isBusy={!isCurrent} />}
      {!plan && !failure && <p className="text-fg-3">{words.happensHint}</p>}
      {plan && <PlanWarnings warnings={plan.warnings} />}
    </section>
  );
}
