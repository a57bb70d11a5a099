import type { Asked } from "@/app/asked";
import { ErrorBox, PlanSteps, PlanWarnings } from "@/components";
import type { AppError, Plan } from "@/ipc";
import { messages } from "@/messages";

const words = messages.images.form;

/** Every step of the build, and what to mind before. */
export function BuildPlan({ planning, refusal }: { planning: Asked<Plan>; refusal: AppError | null }) {
  const { answer: plan, isCurrent, failure, again } = planning;
  const steps = plan?.steps ?? [];
  return (
    <section aria-labelledby="build-plan" className="sticky top-0 flex flex-col gap-3 p-4.5 pt-5">
      <h3 id="build-plan" className="font-semibold">
        {words.happens}
      </h3>
      {refusal && <ErrorBox failure={refusal} />}
      {failure && <ErrorBox failure={failure} onRetry={again} />}
      {steps.length > 0 && (
        <PlanSteps
          steps={steps}
          isBusy={!isCurrent}
          isCode={(index) => index > 0 && index < steps.length - 1}
        />
      )}
      {steps.length === 0 && !failure && <p className="text-fg-3">{words.happensHint}</p>}
      {plan && <PlanWarnings warnings={plan.warnings} />}
    </section>
  );
}
