import { ArrowRight } from "lucide-react";
import type { Asked } from "@/app/asked";
import { ErrorBox, PlanSteps, PlanWarnings } from "@/components";
import type { AppError, FieldProblem, PlanChange, RebuildPlan } from "@/ipc";
import { messages } from "@/messages";

const words = messages.rebuild;

/** What would be different, what stays, and every step on the way. */
export function PlanPane({
  planning,
  stray,
  refusal,
}: {
  planning: Asked<RebuildPlan>;
  /** Problems that belong to no field of the form. */
  stray: readonly FieldProblem[];
  /** Why the server did not begin. */
  refusal: AppError | null;
}) {
  const { answer, isCurrent, failure, again } = planning;
  return (
    <section aria-labelledby="rebuild-plan" aria-busy={!isCurrent} className="flex flex-col gap-4 p-4.5 pt-5">
      {refusal && <ErrorBox failure={refusal} />}
      {failure && <ErrorBox failure={failure} onRetry={again} />}
      {stray.map(({ field, message }) => (
        <p key={`${field} ${message}`} className="text-err">
          {messages.sentence(message)}
        </p>
      ))}
      {answer ? (
        <>
          <Changes changes={answer.changes} />
          <PlanWarnings warnings={answer.plan.warnings} />
          <Steps plan={answer} />
        </>
      ) : (
        !failure && <p className="appear-late text-fg-3">{words.planning}</p>
      )}
    </section>
  );
}

/** What changes first and with both values; what stays in one quiet list below. */
function Changes({ changes }: { changes: readonly PlanChange[] }) {
  const changed = changes.filter(({ before, after }) => before !== after);
  const kept = changes.filter(({ before, after }) => before === after);
  return (
    <div className="flex flex-col gap-2.5">
      <h3 id="rebuild-plan" className="font-semibold">
        {words.changes}
      </h3>
      {changed.length === 0 && <p className="text-fg-2">{words.nothingChanges}</p>}
      {changed.length > 0 && (
        <dl className="flex flex-col gap-2">
          {changed.map(({ what, before, after }) => (
            <div key={what} className="rounded-card border border-accent-line bg-accent-soft px-2.5 py-2">
              <dt className="font-[550]">{what}</dt>
              <dd className="wrap-anywhere font-mono text-fg-2 text-small">{before}</dd>
              <dd className="flex gap-1.5 wrap-anywhere font-mono text-small">
                <ArrowRight className="mt-0.5 size-3.5! shrink-0 text-accent" aria-label={words.becomes} />
                <span className="min-w-0">{after}</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {kept.length > 0 && (
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-3 gap-y-1">
          <dt className="col-span-2 pt-0.5 text-fg-3">{words.kept}</dt>
          {kept.map(({ what, after }) => (
            <KeptRow key={what} what={what} value={after} />
          ))}
        </dl>
      )}
    </div>
  );
}

function KeptRow({ what, value }: { what: string; value: string }) {
  return (
    <>
      <dt className="text-fg-2">{what}</dt>
      <dd className="min-w-0 wrap-anywhere font-mono text-fg-2 text-small">{value}</dd>
    </>
  );
}

function Steps({ plan: { plan } }: { plan: RebuildPlan }) {
  return (
    <div className="flex flex-col gap-2.5">
      <h3 className="font-semibold">{words.happens}</h3>
      <PlanSteps steps={plan.steps} />
      <p className="text-fg-3">{words.backAgain}</p>
    </div>
  );
}
