import { ChevronDown, ChevronRight } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { goTo, paths } from "@/app/navigation";
import { useWorkspace } from "@/app/store";
import { Button, Dialog, defaultValues, ErrorBox, FormRows, problemOf, type Values } from "@/components";
import {
  type AppError,
  type Field,
  type FieldProblem,
  type Plan,
  toFailure,
  type WorkspaceRef,
  workspaceRebuild,
} from "@/ipc";
import { messages } from "@/messages";
import { PlanPane } from "./PlanPane";
import { useRebuildForm, useRebuildPlan } from "./useRebuild";

const words = messages.rebuild;

/** What a rebuild would change, and what may be changed on the way, before anything is done. */
export function RebuildDialog({ workspace, onClose }: { workspace: WorkspaceRef; onClose: () => void }) {
  const name = useWorkspace(workspace)?.workspace.name ?? "";
  const form = useRebuildForm(workspace);
  const fields = useMemo(() => form.answer?.fields ?? [], [form.answer]);
  const [typed, setTyped] = useState<Values>({});
  const values = useMemo(() => valuesOf(fields, typed), [fields, typed]);
  const local = useMemo(() => localProblems(fields, values), [fields, values]);
  const planning = useRebuildPlan(workspace, form.answer && local.length === 0 ? values : null);
  const sending = useSending(workspace, onClose);

  const plan = planning.isCurrent ? (planning.answer?.plan ?? null) : null;
  const problems = local.length > 0 ? local : (plan?.problems ?? []);
  const canSend = plan !== null && problems.length === 0 && !sending.isBusy;
  const cancel = useRef<HTMLButtonElement>(null);
  const change = (field: string, value: string) => {
    setTyped((before) => ({ ...before, [field]: value }));
    sending.forget();
  };
  return (
    <Dialog
      title={words.title(name)}
      onClose={onClose}
      initialFocus={cancel}
      width={860}
      flush
      onSubmit={() => canSend && plan && sending.send(plan)}
      footer={
        <>
          <Button ref={cancel} onClick={onClose}>
            {messages.cancel}
          </Button>
          <Button tone="main" type="submit" disabled={!canSend}>
            {sending.isBusy ? words.starting : words.submit}
          </Button>
        </>
      }
    >
      <div className="grid min-h-110 grid-cols-[minmax(0,1fr)_340px]">
        <div className="flex min-w-0 flex-col gap-4 p-5">
          <p className="text-fg-2">{words.lead}</p>
          {form.failure && <ErrorBox failure={form.failure} onRetry={form.again} />}
          {!form.answer && !form.failure && <p className="appear-late text-fg-3">{words.loading}</p>}
          <Fields fields={fields} values={values} problems={problems} onChange={change} />
        </div>
        <div className="border-l bg-panel">
          <PlanPane
            planning={planning}
            stray={problems.filter(({ field }) => fields.every(({ name }) => name !== field))}
            refusal={sending.refusal}
          />
        </div>
      </div>
    </Dialog>
  );
}

interface FieldsProps {
  fields: readonly Field[];
  values: Values;
  problems: readonly FieldProblem[];
  onChange: (name: string, value: string) => void;
}

function Fields({ fields, ...rest }: FieldsProps) {
  const [isOpen, setOpen] = useState(false);
  const advanced = fields.filter(({ is_advanced }) => is_advanced);
  const isShown = isOpen || advanced.some(({ name }) => rest.problems.some(({ field }) => field === name));
  return (
    <>
      <FormRows fields={fields.filter(({ is_advanced }) => !is_advanced)} {...rest} />
      {advanced.length > 0 && (
        <button
          type="button"
          aria-expanded={isShown}
          onClick={() => setOpen(!isShown)}
          className="eased flex items-center gap-1 self-start rounded-control text-fg-2 hover:text-fg"
        >
          {isShown ? <ChevronDown /> : <ChevronRight />}
          {isShown ? messages.form.fewer : messages.form.more}
        </button>
      )}
      {isShown && <FormRows fields={advanced} {...rest} />}
    </>
  );
}

/** Every field is sent, empty ones too: an emptied one takes something away. */
function valuesOf(fields: readonly Field[], typed: Values): Values {
  const empty = Object.fromEntries(fields.map(({ name }) => [name, ""]));
  return { ...empty, ...defaultValues(fields), ...typed };
}

function localProblems(fields: readonly Field[], values: Values): FieldProblem[] {
  return fields.flatMap((field) => {
    const message = problemOf(field, values[field.name] ?? "", messages.form.problems);
    return message === null ? [] : [{ field: field.name, message, suggestion: null }];
  });
}

/** Carries the plan out and leads to its run. */
function useSending(workspace: WorkspaceRef, onClose: () => void) {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<AppError | null>(null);
  const send = async (plan: Plan) => {
    setBusy(true);
    setRefusal(null);
    try {
      const { run_id } = await workspaceRebuild({ workspace, plan });
      onClose();
      goTo(paths.run(run_id));
    } catch (thrown) {
      setRefusal(toFailure(thrown));
      setBusy(false);
    }
  };
  return { isBusy, refusal, send: (plan: Plan) => void send(plan), forget: () => setRefusal(null) };
}
