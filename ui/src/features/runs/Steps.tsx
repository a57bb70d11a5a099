import { Check, Minus, X } from "lucide-react";
import { useNow } from "@/app/clock";
import { cx, Dot, formatBytes } from "@/components";
import type { RunStep, StepProgress, StepStatus } from "@/ipc";
import { messages } from "@/messages";
import { stepDuration } from "./times";

/** The steps of a run with what each does and how long it took or takes. */
export function Steps({ steps }: { steps: readonly RunStep[] }) {
  const isRunning = steps.some(({ status }) => status === "running");
  const now = useNow(isRunning ? 1000 : 60_000);
  if (steps.length === 0) return <p className="p-4 text-fg-3">{messages.runs.noSteps}</p>;
  return (
    <ol aria-label={messages.runs.steps} className="flex flex-col p-2">
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps keep their order and may share a name
        <Step key={index} step={step} duration={stepDuration(step, now)} />
      ))}
    </ol>
  );
}

function Step({ step, duration }: { step: RunStep; duration: string }) {
  const { status } = step;
  const quiet = status === "failed" ? "text-fg-2" : "text-fg-3";
  const isAhead = status === "waiting" || status === "skipped";
  return (
    <li
      aria-current={status === "running" ? "step" : undefined}
      className={cx(
        "flex gap-2.5 rounded-card px-2.5 py-2",
        status === "running" && "bg-selected",
        status === "failed" && "bg-err-soft",
      )}
    >
      <span className="flex h-5 w-4 shrink-0 items-center justify-center">
        <StepMark status={status} />
      </span>
      <div className="min-w-0 grow">
        <div className="flex items-baseline gap-2">
          <span
            className={cx(
              "truncate",
              isAhead ? "text-fg-3" : "font-[550]",
              status === "failed" && "text-err",
            )}
          >
            {step.name}
          </span>
          <span className="sr-only">{messages.runs.step[status]}</span>
          <span className={cx("ml-auto shrink-0", quiet)}>{duration}</span>
        </div>
        {step.summary && <p className={cx("wrap-anywhere", quiet)}>{step.summary}</p>}
        {step.progress && status !== "waiting" && status !== "skipped" && (
          <StepProgressBar progress={step.progress} isRunning={status === "running"} />
        )}
      </div>
    </li>
  );
}

/** How many bytes are there; a bar only while it goes on and the end is known. */
function StepProgressBar({ progress, isRunning }: { progress: StepProgress; isRunning: boolean }) {
  const { done_bytes: done, total_bytes: total } = progress;
  const text = messages.runs.stepDone(formatBytes(done), total === null ? null : formatBytes(total));
  return (
    <div className="mt-1">
      {isRunning && total !== null && total > 0 && (
        <div
          role="progressbar"
          aria-label={text}
          aria-valuemin={0}
          aria-valuemax={total}
          aria-valuenow={Math.min(done, total)}
          className="mb-1 h-1 overflow-hidden rounded-full bg-line"
        >
          <div
            className="h-full rounded-full bg-accent"
            style={{ width: `${Math.min(100, (100 * done) / total)}%` }}
          />
        </div>
      )}
      <span className="text-fg-3 text-small tabular-nums">{text}</span>
    </div>
  );
}

function StepMark({ status }: { status: StepStatus }) {
  switch (status) {
    case "succeeded":
      return <Check className="text-ok" />;
    case "failed":
      return <X className="text-err" />;
    case "running":
      return <Dot tone="busy" />;
    case "waiting":
      return <Dot tone="unknown" />;
    case "skipped":
      return <Minus className="text-fg-3" />;
  }
}
