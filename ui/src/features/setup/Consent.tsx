/* What a set-up means, what it does step by step, and the agreement to it. */
import { ShieldAlert } from "lucide-react";
import { useState } from "react";
import { Button, ErrorBox } from "@/components";
import type { AppError, SetupPlan } from "@/ipc";
import { messages } from "@/messages";

const words = messages.setup;

/** What it means and what it does. */
export function Meaning({ plan: { steps, warnings } }: { plan: SetupPlan }) {
  const [gravest, ...others] = warnings;
  return (
    <>
      <section aria-label={words.means} className="flex flex-col gap-2">
        <h2 className="font-semibold">{words.means}</h2>
        {gravest && (
          <div className="flex gap-2.5 rounded-card bg-warn-soft px-3 py-2.5">
            <ShieldAlert className="mt-0.5 text-warn" />
            <p>{gravest}</p>
          </div>
        )}
        {others.map((warning) => (
          <p key={warning} className="text-fg-2">
            {warning}
          </p>
        ))}
      </section>
      <section aria-label={words.happens} className="flex flex-col gap-2">
        <h2 className="font-semibold">{words.happens}</h2>
        <ol className="flex flex-col gap-1.5">
          {steps.map(({ name, summary }, index) => (
            <li key={name} className="flex gap-2.5">
              <span aria-hidden="true" className="w-3 shrink-0 text-right text-fg-3 tabular-nums">
                {index + 1}
              </span>
              <span className="min-w-0">
                <span className="font-[550]">{name}</span>
                <span className="text-fg-2"> · {summary}</span>
              </span>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

interface ConsentProps {
  server: string;
  plan: SetupPlan | null;
  isRunning: boolean;
  failure: AppError | null;
  onRun: () => void;
}

export function Consent({ server, plan, isRunning, failure, onRun }: ConsentProps) {
  // Another choice means something else: it needs an agreement of its own.
  const [agreedTo, setAgreedTo] = useState<string | null>(null);
  if (!plan) return null;
  const { problems } = plan;
  const choice = plan.arguments.join(" ");
  const hasAgreed = agreedTo === choice;
  return (
    <footer className="flex shrink-0 flex-col gap-3 border-t p-5 narrow:p-4">
      {problems.map(({ field, message }) => (
        <p key={field} role="alert" className="text-err">
          {messages.sentence(message)}
        </p>
      ))}
      {failure && <ErrorBox failure={failure} />}
      <label className="flex gap-2.5">
        <input
          type="checkbox"
          checked={hasAgreed}
          disabled={problems.length > 0}
          onChange={(event) => setAgreedTo(event.target.checked ? choice : null)}
          className="mt-1 size-3.5 shrink-0 accent-accent-solid"
        />
        <span>{words.agree(server)}</span>
      </label>
      <Button
        tone="main"
        size="form"
        disabled={!hasAgreed || isRunning || problems.length > 0}
        onClick={onRun}
      >
        {words.run(server)}
      </Button>
      <p className="text-fg-3 text-small">{words.password}</p>
    </footer>
  );
}
