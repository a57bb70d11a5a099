import { useMemo, useRef, useState } from "react";
import { goTo, paths } from "@/app/navigation";
import { useOrder } from "@/app/order";
import { useWorkspace } from "@/app/store";
import { Button, Dialog, defaultValues, ErrorBox, FoldedRows, problemsOf, type Values } from "@/components";
import { type Field, type RunStarted, type WorkspaceRef, workspaceRebuild } from "@/ipc";
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
  const local = useMemo(() => problemsOf(fields, values, messages.form.problems), [fields, values]);
  const planning = useRebuildPlan(workspace, form.answer && local.length === 0 ? values : null);
  const sending = useOrder<RunStarted>(({ run_id }) => {
    onClose();
    goTo(paths.run(run_id));
  });

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
      onSubmit={() => canSend && plan && sending.send(workspaceRebuild({ workspace, plan }))}
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
          <FoldedRows fields={fields} values={values} problems={problems} onChange={change} />
        </div>
        <div className="border-l bg-panel">
          <PlanPane
            planning={planning}
            stray={problems.filter(({ field }) => fields.every(({ name }) => name !== field))}
            refusal={sending.failure}
          />
        </div>
      </div>
    </Dialog>
  );
}

/** Every field is sent, empty ones too: an emptied one takes something away. */
function valuesOf(fields: readonly Field[], typed: Values): Values {
  const empty = Object.fromEntries(fields.map(({ name }) => [name, ""]));
  return { ...empty, ...defaultValues(fields), ...typed };
}
