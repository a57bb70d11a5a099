/* A test as a panel: what it says as a whole, then every stage. */
import { Info } from "lucide-react";
import { cx, Dot, ErrorBox } from "@/components";
import { messages } from "@/messages";
import { CopyKeyDialog, CopyKeyState, useKeyCopying } from "./CopyKey";
import type { FixActions } from "./FixBox";
import { StageList } from "./StageList";
import type { ConnectionTest } from "./useTest";
import { verdictOf } from "./verdict";

const words = messages.doctor;

export function TestPanel({
  test,
  actions,
  className,
}: {
  test: ConnectionTest;
  actions: Omit<FixActions, "onAsk" | "onCopyKey">;
  className?: string;
}) {
  const { report, failure, isRunning } = test;
  const diagnosis = report?.diagnosis ?? null;
  const verdict = verdictOf(diagnosis, isRunning);
  const copying = useKeyCopying(test);
  const { asked } = copying;
  return (
    <section aria-label={words.title} className={cx("flex flex-col gap-4", className)}>
      <header>
        <h2 className="font-semibold">{words.title}</h2>
        <p aria-live="polite" className="flex items-center gap-2 text-fg-2">
          <Dot tone={verdict.tone} />
          {verdict.text}
        </p>
      </header>
      {failure && <ErrorBox failure={failure} onRetry={() => test.again()} />}
      <CopyKeyState copying={copying} isRunning={isRunning} />
      {diagnosis && (
        <StageList
          diagnosis={diagnosis}
          actions={{ ...actions, onAsk: () => test.again(true), onCopyKey: copying.ask }}
        />
      )}
      {asked && (
        <CopyKeyDialog
          fix={asked}
          hop={diagnosis?.hops[asked.hop]}
          onClose={() => copying.ask(null)}
          onCopy={(server) => copying.copy(asked, server)}
        />
      )}
      <p className="mt-auto flex gap-2 border-t pt-3 text-fg-3 text-small">
        <Info className="mt-px size-3.5!" />
        {words.remoteOnly}
      </p>
    </section>
  );
}
