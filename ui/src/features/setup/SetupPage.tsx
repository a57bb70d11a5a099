/* Server set-up: choices, what they mean and the consent at the left; the script, then its run, at the
   right. Nothing is sent before the person agrees. */
import { useState } from "react";
import { goTo, paths } from "@/app/navigation";
import { useCore } from "@/app/store";
import { Button, cx, EmptyState, ErrorBox, PageHeader, Segments } from "@/components";
import { type AppError, type ConnectionView, type RunId, setupRun, toFailure } from "@/ipc";
import { messages } from "@/messages";
import { Choices } from "./Choices";
import { Consent, Meaning } from "./Consent";
import { Result } from "./Result";
import { ScriptView } from "./ScriptView";
import { useSetup } from "./useSetup";

const words = messages.setup;

interface SetupPageProps {
  view: ConnectionView;
  renderRun: (runId: RunId) => React.ReactNode;
}

export function SetupPage({ view, renderRun }: SetupPageProps) {
  const { id, name } = view.connection;
  const setup = useSetup(id);
  const [runId, setRunId] = useState<RunId | null>(null);
  const [shows, setShows] = useState<"script" | "run">("script");
  const [failure, setFailure] = useState<AppError | null>(null);
  const run = useCore((state) => (runId ? state.runs[runId] : undefined));
  const begin = () => {
    setFailure(null);
    setupRun({ connection_id: id, values: setup.values, agreed: true }).then(
      ({ run_id }) => {
        setRunId(run_id);
        setShows("run");
      },
      (thrown) => setFailure(toFailure(thrown)),
    );
  };
  const { offer } = setup;
  return (
    <>
      <PageHeader
        title={words.title}
        parent={{ label: name, go: () => goTo(paths.connection(id)) }}
        actions={
          runId ? (
            <Segments
              label={words.view}
              value={shows}
              onChange={setShows}
              segments={[
                { value: "script", label: words.script },
                { value: "run", label: words.progress },
              ]}
            />
          ) : undefined
        }
      />
      {setup.failure && <ErrorBox failure={setup.failure} onRetry={setup.again} className="m-5" />}
      {offer === null && <Nothing view={view} />}
      {offer && (
        <div className="flex min-h-0 grow">
          <section
            aria-label={words.choices}
            className={cx(
              "flex w-100 shrink-0 flex-col border-r narrow:w-76",
              shows === "run" && "narrow:hidden",
            )}
          >
            <div className="flex min-h-0 grow flex-col gap-5 overflow-y-auto p-5 narrow:p-4">
              <p className="text-fg-2">{offer.summary}</p>
              <Choices fields={offer.fields} values={setup.values} onChange={setup.change} />
              {setup.plan && <Meaning plan={setup.plan} />}
            </div>
            <Consent
              server={name}
              plan={setup.plan}
              isRunning={run?.status === "running"}
              failure={failure}
              onRun={begin}
            />
          </section>
          <section
            aria-label={shows === "run" ? words.progress : words.script}
            className="flex min-w-0 grow flex-col"
          >
            {shows === "run" && runId ? (
              <>
                {run && <Result run={run} />}
                {renderRun(runId)}
              </>
            ) : (
              <ScriptView script={offer.script} plan={setup.plan} />
            )}
          </section>
        </div>
      )}
    </>
  );
}

function Nothing({ view }: { view: ConnectionView }) {
  const { title, text, action } = words.none;
  return (
    <EmptyState
      icon={null}
      {...{ title, text }}
      actions={<Button onClick={() => goTo(paths.connection(view.connection.id))}>{action}</Button>}
    />
  );
}
