import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { Failure } from "@/ipc";
import { messages } from "@/messages";
import { Button } from "./Button";
import { useCopied } from "./CopyText";
import { cx } from "./cx";

/** A failure on the object it belongs to: what happened, the next step, and ways on. */
export function ErrorBox({
  failure,
  onRetry,
  actions,
  tone = "err",
  className,
}: {
  failure: Failure;
  onRetry?: (() => void) | undefined;
  actions?: ReactNode;
  tone?: "err" | "warn";
  className?: string;
}) {
  const [copied, copy] = useCopied();
  const details = [failure.message, failure.hint, `code: ${failure.code}`, failure.detail]
    .filter(Boolean)
    .join("\n");
  return (
    <div
      role="alert"
      className={cx(
        "flex gap-2.5 rounded-card px-3 py-2.5",
        tone === "err" ? "bg-err-soft" : "bg-warn-soft",
        className,
      )}
    >
      <CircleAlert className={cx("mt-0.5", tone === "err" ? "text-err" : "text-warn")} />
      <div className="min-w-0 grow">
        <p className="font-[550]" data-selectable>
          {messages.sentence(failure.message)}
        </p>
        {failure.hint && <p className="text-fg-2">{messages.sentence(failure.hint)}</p>}
        <div className="mt-2 flex flex-wrap gap-2">
          {onRetry && <Button onClick={onRetry}>{messages.retry}</Button>}
          {actions}
          <Button tone="quiet" onClick={() => copy(details)}>
            {copied ? messages.copy.done : messages.copyDetails}
          </Button>
        </div>
      </div>
    </div>
  );
}
