import { Check, CircleHelp, X } from "lucide-react";
import { ErrorBox, PlanSteps, PlanWarnings } from "@/components";
import type { AppError, LabImage, LabPlan } from "@/ipc";
import { messages } from "@/messages";
import { SyncList } from "../FilesTab";
import type { Form } from "./NewLabDialog";

const words = messages.newLab;

/** What will happen, and what stands in the way. */
export function PlanColumn({ form, refusal }: { form: Form; refusal: AppError | null }) {
  const { planning, plan, input } = form;
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
      tabIndex={0}
      aria-label={words.plan}
      aria-live="polite"
      className="flex w-88 shrink-0 flex-col gap-3 overflow-y-auto border-l bg-panel p-4 -outline-offset-2! narrow:w-72"
    >
      <h3 className="font-semibold">{words.plan}</h3>
      {refusal && <ErrorBox failure={refusal} />}
      {planning.failure && <ErrorBox failure={planning.failure} onRetry={planning.again} />}
      {!input && <p className="text-fg-3">{words.planFirst}</p>}
      {input && !plan && !planning.failure && <p className="appear-late text-fg-3">{words.planning}</p>}
      {plan && <Plan plan={plan} />}
    </section>
  );
}

const AT_FIELDS = /^(name|instance|variables(\..*)?)$/;

function Plan({ plan }: { plan: LabPlan }) {
  const elsewhere = plan.problems.filter(({ field }) => !AT_FIELDS.test(field));
  return (
    <>
      {plan.problems.length > elsewhere.length && <p className="text-err">{words.fixFirst}</p>}
      {elsewhere.map((problem) => (
        <ErrorBox
          key={problem.message}
          failure={{
            code: "invalid",
            message: problem.message,
            hint: null,
            field: problem.field,
            detail: null,
          }}
        />
      ))}
      <PlanWarnings warnings={plan.warnings} />
      <PlanSteps steps={plan.steps} />
      {plan.instance !== null && <p className="text-fg-2">{words.number(plan.instance)}</p>}
      {plan.path && (
        <p className="wrap-anywhere">
          <span className="text-fg-3">{words.where} </span>
          <span className="font-mono">{plan.path}</span>
        </p>
      )}
      {plan.images.length > 0 && <Images images={plan.images} />}
      {plan.sync && (
        <div>
          <h4 className="mb-1 font-[550]">{messages.labFiles.travel}</h4>
          <SyncList sync={plan.sync} />
        </div>
      )}
      {plan.cancel_means && <p className="text-fg-3">{plan.cancel_means}</p>}
    </>
  );
}

function Images({ images }: { images: readonly LabImage[] }) {
  return (
    <div>
      <h4 className="mb-1 font-[550]">{words.images}</h4>
      <ul className="flex flex-col gap-1">
        {images.map(({ reference, is_present, nodes }) => (
          <li key={reference} className="flex gap-2" title={nodes.join(", ")}>
            <span className="mt-0.5 shrink-0">
              {is_present === null ? (
                <CircleHelp className="size-3.5! text-fg-3" aria-label={words.unknown} />
              ) : is_present ? (
                <Check className="size-3.5! text-ok" aria-label={words.present} />
              ) : (
                <X className="size-3.5! text-err" aria-label={words.missing} />
              )}
            </span>
            <span className="min-w-0 font-mono wrap-anywhere">{reference}</span>
            {is_present === false && <span className="ml-auto shrink-0 text-err">{words.missing}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
