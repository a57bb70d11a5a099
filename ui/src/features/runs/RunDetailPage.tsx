import { FileQuestion, RotateCw, TriangleAlert, X } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { useNow } from "@/app/clock";
import { saveLog, useLog } from "@/app/log";
import { goTo, paths } from "@/app/navigation";
import { useCore } from "@/app/store";
import { Button, EmptyState, ErrorBox, PageHeader } from "@/components";
import { LogPane } from "@/components/log";
import { type AppError, type Run, type RunId, runGet, runLogOpen, runLogSave, toFailure } from "@/ipc";
import { messages } from "@/messages";
import { CancelDialog, retryRun } from "./dialogs";
import { Remedy } from "./Remedy";
import { Steps } from "./Steps";
import { RunStatusDot } from "./status";
import { runDuration } from "./times";

const words = messages.runs;

/** One run: steps at the left, log at the right. */
export function RunDetailPage({ runId }: { runId: RunId }) {
  const { run, failure, again } = useRun(runId);
  if (run) return <RunDetail key={run.id} run={run} />;
  return (
    <>
      <PageHeader title={runId} parent={{ label: words.title, go: () => goTo(paths.runs()) }} />
      {!failure ? (
        <p className="appear-late m-auto text-fg-3">{words.loading}</p>
      ) : failure.code === "not_found" ? (
        <EmptyState
          icon={<FileQuestion />}
          title={words.gone}
          actions={<Button onClick={() => goTo(paths.runs())}>{words.toRuns}</Button>}
        />
      ) : (
        <ErrorBox failure={failure} onRetry={again} className="m-5" />
      )}
    </>
  );
}

/** Steps and log of a run inside another page. */
export function RunPanel({ runId }: { runId: RunId }) {
  const { run, failure, again } = useRun(runId);
  if (run) return <RunBody run={run} />;
  return failure && <ErrorBox failure={failure} onRetry={again} className="m-5" />;
}

function RunDetail({ run }: { run: Run }) {
  const now = useNow(run.status === "running" ? 1000 : 60_000);
  const { subject } = run;
  return (
    <>
      <PageHeader
        title={words.subject(run.verb, subject.name)}
        parent={{ label: words.title, go: () => goTo(paths.runs()) }}
        tools={
          <>
            <RunStatusDot status={run.status} more={runDuration(run, now)} />
            <span className="truncate text-fg-3">{words.on(subject.connection_name)}</span>
          </>
        }
        actions={<RunActions run={run} />}
      />
      <RunBody run={run} />
    </>
  );
}

function RunBody({ run }: { run: Run }) {
  const { subject } = run;
  return (
    <div className="flex min-h-0 grow">
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
        tabIndex={0}
        aria-label={words.steps}
        className="w-75 shrink-0 overflow-y-auto border-r -outline-offset-2! narrow:w-60"
      >
        <Steps steps={run.steps} />
      </section>
      <section className="flex min-w-0 grow flex-col" aria-label={messages.logs.name(subject.name)}>
        <Outcome run={run} />
        <RunLog run={run} />
      </section>
    </div>
  );
}

function RunActions({ run }: { run: Run }) {
  const [isAsking, setAsking] = useState(false);
  const { subject } = run;
  const lab = subject.lab_id && { connection_id: subject.connection_id, lab_id: subject.lab_id };
  const toLab = lab && run.verb !== "lab_destroy" && (
    <Button onClick={() => goTo(paths.lab(lab))}>{words.openLab}</Button>
  );
  if (run.status === "running")
    return (
      <>
        {toLab}
        {run.cancel_means !== null && (
          <Button tone="danger" icon={<X />} onClick={() => setAsking(true)}>
            {words.cancel}
          </Button>
        )}
        {isAsking && <CancelDialog run={run} onClose={() => setAsking(false)} />}
      </>
    );
  const ref = subject.workspace_id && {
    connection_id: subject.connection_id,
    workspace_id: subject.workspace_id,
  };
  return (
    <>
      {toLab}
      {run.status === "succeeded" && run.verb !== "remove" && ref && (
        <Button onClick={() => goTo(paths.workspace(ref))}>{words.openWorkspace}</Button>
      )}
      {run.status !== "succeeded" && (
        <Button icon={<RotateCw />} onClick={() => retryRun(run)}>
          {words.retry}
        </Button>
      )}
    </>
  );
}

/** Why it did not succeed, and what is left to do about that. */
function Outcome({ run }: { run: Run }) {
  const { name, connection_name: server } = run.subject;
  if (run.status === "running" || run.status === "succeeded") return null;
  const isLeft = run.leftover !== null;
  const remedy = isLeft && <Remedy run={run} />;
  const isInterrupted = run.status === "interrupted";
  const left = run.verb === "rebuild" ? words.aside : words.leftover;
  return (
    <div className="flex flex-col gap-2 empty:hidden has-[*]:p-3 has-[*]:pb-1">
      {run.error && !isInterrupted && <ErrorBox failure={run.error} actions={remedy} />}
      {(isInterrupted || (!run.error && isLeft)) && (
        <div role="note" className="flex gap-2.5 rounded-card bg-warn-soft px-3 py-2.5">
          <TriangleAlert className="mt-0.5 text-warn" />
          <div className="min-w-0">
            {isInterrupted && <p className="font-[550]">{words.interrupted(server)}</p>}
            <p className="text-fg-2">{isLeft ? left(name, server) : words.interruptedHint}</p>
            {remedy && <div className="mt-2 flex gap-2">{remedy}</div>}
          </div>
        </div>
      )}
    </div>
  );
}

function RunLog({ run: { id, verb, subject } }: { run: Run }) {
  const open = useCallback((stream: number) => runLogOpen({ run_id: id, stream }), [id]);
  const { feed, again } = useLog(open);
  return (
    <LogPane
      source={feed}
      label={messages.logs.name(words.subject(verb, subject.name))}
      onSave={() =>
        void saveLog(() => runLogSave({ run_id: id }), feed.buffer, `${verb}-${subject.name}.log`)
      }
      onAgain={again}
      endsQuietly
    />
  );
}

/** The run as it is known, asked for when it is not. */
function useRun(id: RunId) {
  const known = useCore((state) => state.runs[id]);
  const isReady = useCore((state) => state.loading.at === "ready");
  const [asked, setAsked] = useState<{ id: RunId; run?: Run; failure?: AppError } | null>(null);
  const [attempt, setAttempt] = useState(0);
  const isNeeded = !known && isReady;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    if (!isNeeded) return;
    let isGone = false;
    runGet({ run_id: id }).then(
      (run) => !isGone && setAsked({ id, run }),
      (thrown: unknown) => !isGone && setAsked({ id, failure: toFailure(thrown) }),
    );
    return () => {
      isGone = true;
    };
  }, [id, isNeeded, attempt]);
  const answer = asked?.id === id ? asked : null;
  return {
    run: known ?? answer?.run,
    failure: answer?.failure,
    again: () => setAttempt((count) => count + 1),
  };
}
