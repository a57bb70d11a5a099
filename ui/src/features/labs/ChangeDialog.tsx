/* What an operation would do to a lab, before it is done. What loses something is asked for twice. */
import { useRef, useState } from "react";
import { useAsked } from "@/app/asked";
import { NO_OPTIONS } from "@/app/lab-operations";
import { useOrder } from "@/app/order";
import { followRun } from "@/app/run-notices";
import { useLab } from "@/app/store";
import {
  Button,
  DangerDialog,
  Dialog,
  ErrorBox,
  PlanSteps,
  PlanWarnings,
  RadioCard,
  TypedAgain,
} from "@/components";
import {
  type LabChanges,
  type LabPlan,
  type LabRef,
  type LabVerb,
  type LabView,
  labChange,
  labChangePlan,
  type RunStarted,
} from "@/ipc";
import { messages } from "@/messages";

const words = messages.labs.change;
const LOSES: ReadonlySet<LabVerb> = new Set(["destroy", "redeploy"]);

interface ChangeDialogProps {
  lab: LabRef;
  verb: LabVerb;
  onClose: () => void;
}

export function ChangeDialog({ lab, ...rest }: ChangeDialogProps) {
  const view = useLab(lab);
  return view ? <Content view={view} {...rest} /> : null;
}

function Content({ view, verb, onClose }: { view: LabView; verb: LabVerb; onClose: () => void }) {
  const {
    lab_ref: lab,
    lab: { name },
  } = view;
  const cancel = useRef<HTMLButtonElement>(null);
  const [removesFiles, setRemovesFiles] = useState(false);
  const [typed, setTyped] = useState("");
  const options = { ...NO_OPTIONS, removes_files: removesFiles };
  const { answer: plan, failure, again } = useAsked({ lab, verb, options }, labChangePlan, 0);
  const order = useOrder<RunStarted>(({ run_id }) => {
    followRun(run_id);
    onClose();
  });
  const isConfirmed = !removesFiles || typed === name;
  // A plan that cannot be made does not keep anybody from taking a broken lab down.
  const isPlanned = plan ? plan.problems.length === 0 : verb === "destroy" && failure !== null;
  const canSubmit = isPlanned && isConfirmed && !order.isBusy;
  const submit = () => canSubmit && order.send(labChange({ lab, verb, options }));
  const body = (
    <>
      <Foreign view={view} />
      {failure && <ErrorBox failure={failure} onRetry={again} />}
      {plan ? (
        <PlanView plan={plan} />
      ) : (
        !failure && <p className="appear-late text-fg-3">{words.planning}</p>
      )}
      {verb === "destroy" && (
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1.5 text-fg-2">{words.files}</legend>
          <RadioCard
            name="files"
            label={words.keepFiles}
            help={words.keepFilesHelp}
            isChosen={!removesFiles}
            onChoose={() => setRemovesFiles(false)}
          />
          <RadioCard
            name="files"
            label={words.removeFiles}
            help={words.removeFilesHelp}
            isChosen={removesFiles}
            onChoose={() => setRemovesFiles(true)}
          />
        </fieldset>
      )}
      {removesFiles && <TypedAgain label={words.typeName(name)} value={typed} onChange={setTyped} />}
    </>
  );
  const shared = { title: words.title(verb, name), lead: words.lead[verb], width: 520, onClose };
  if (LOSES.has(verb))
    return (
      <DangerDialog
        {...shared}
        submit={words.submit[verb]}
        canSubmit={canSubmit}
        failure={order.failure}
        onSubmit={submit}
      >
        {body}
      </DangerDialog>
    );
  return (
    <Dialog
      {...shared}
      initialFocus={cancel}
      onSubmit={submit}
      footer={
        <>
          <Button ref={cancel} onClick={onClose}>
            {messages.cancel}
          </Button>
          <Button tone="main" type="submit" disabled={!canSubmit}>
            {words.submit[verb]}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {order.failure && <ErrorBox failure={order.failure} />}
        {body}
      </div>
    </Dialog>
  );
}

/** Whoever takes down what somebody else made has to know. */
function Foreign({ view: { lab } }: { view: LabView }) {
  if (lab.is_mine || lab.owner === null) return null;
  return <PlanWarnings warnings={[words.foreign(lab.owner)]} />;
}

function PlanView({ plan }: { plan: LabPlan }) {
  return (
    <>
      {plan.problems.map((problem) => (
        <ErrorBox
          key={problem.message}
          failure={{
            code: "invalid",
            message: problem.message,
            hint: problem.suggestion,
            field: problem.field,
            detail: null,
          }}
        />
      ))}
      <PlanWarnings warnings={plan.warnings} />
      {plan.verb === "apply" && <Changes changes={plan.changes} />}
      {plan.verb !== "apply" && plan.steps.length > 0 && <PlanSteps steps={plan.steps} />}
      {plan.cancel_means && <p className="text-fg-3">{plan.cancel_means}</p>}
    </>
  );
}

/** What would be different afterwards, by kind. */
function Changes({ changes }: { changes: LabChanges | null }) {
  if (!changes) return <p className="text-fg-2">{words.unknown}</p>;
  const because = (name: string) => {
    const why = changes.reasons[name];
    return why ? words.because(name, why) : name;
  };
  const groups: [string, string[], boolean][] = [
    [words.added, changes.added_nodes, false],
    [words.removed, changes.removed_nodes, true],
    [words.recreated, changes.recreated_nodes, true],
    [words.restarted, changes.restarted_nodes, false],
    [words.started, changes.started_nodes, false],
    [words.addedLinks, changes.added_links, false],
    [words.removedLinks, changes.removed_links, true],
  ];
  const shown = groups.filter(([, names]) => names.length > 0);
  if (shown.length === 0) return <p className="text-fg-2">{words.nothing}</p>;
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
      {shown.map(([title, names, loses]) => (
        <div key={title} className="contents">
          <dt className={loses ? "text-err" : "text-fg-3"}>{title}</dt>
          <dd className="wrap-anywhere">{names.map(because).join(", ")}</dd>
        </div>
      ))}
    </dl>
  );
}
