import { ServerOff } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { goTo, paths } from "@/app/navigation";
import { useOrder } from "@/app/order";
import { type Target, useTarget } from "@/app/target";
import {
  Away,
  Button,
  Dialog,
  defaultValues,
  EmptyState,
  problemsOf,
  useCopied,
  type Values,
} from "@/components";
import { type ConnectionId, type ConnectionView, type RunStarted, workspaceCreate } from "@/ipc";
import { messages } from "@/messages";
import { BuildFirst } from "./BuildFirst";
import { FormColumn } from "./FormColumn";
import { PlanColumn } from "./PlanColumn";
import { inputOf, shownProblems, strayProblems } from "./problems";
import { ServerCards } from "./ServerCards";
import { SourceFields } from "./SourceFields";
import { useForm } from "./useForm";
import { useGitSource } from "./useGitSource";
import { usePlan } from "./usePlan";

const words = messages.create;

const canMake = ({ state, abilities }: ConnectionView): boolean =>
  state.state === "connected" && abilities?.apply === true;

const canUseGit = ({ abilities }: ConnectionView): boolean =>
  abilities?.exec === true && abilities.files && abilities.endpoints;

const canBuild = ({ abilities }: ConnectionView): boolean => abilities?.images === true;

const NO_GIT: Values = {};

/** Leads to the form that builds an image. */
type OnBuild = (server: ConnectionId, source: "folder" | "text") => void;

/** The form for a new workspace. `connectionId` is the server chosen at first. */
export function CreateDialog({
  connectionId,
  image,
  onBuild,
  onClose,
}: {
  connectionId?: ConnectionId | undefined;
  /** Chosen at first. */
  image?: string | undefined;
  onBuild?: OnBuild;
  onClose: () => void;
}) {
  const { target: server, ...rest } = useTarget(canMake, connectionId);
  if (!server) return <NoServer onClose={onClose} />;
  return <CreateForm {...{ server, ...rest, image, onBuild, onClose }} />;
}

function NoServer({ onClose }: { onClose: () => void }) {
  const show = () => {
    onClose();
    goTo(paths.connections());
  };
  return (
    <Dialog title={words.title} onClose={onClose} width={520}>
      <EmptyState
        icon={<ServerOff />}
        title={words.noServer.title}
        text={words.noServer.text}
        actions={<Button onClick={show}>{words.noServer.action}</Button>}
      />
    </Dialog>
  );
}

interface CreateFormProps extends Omit<Target, "target"> {
  server: ConnectionView;
  image: string | undefined;
  onBuild: OnBuild | undefined;
  onClose: () => void;
}

function CreateForm({ servers, server, isThere, choose, image, onBuild, onClose }: CreateFormProps) {
  const { id, name } = server.connection;
  const state = useForm(id);
  const fields = useMemo(() => state.form?.fields ?? [], [state.form]);
  const canGit = useLast(canUseGit(server), isThere);
  const git = useGitSource();
  const isGit = canGit && git.kind === "git";
  const canFirstBuild = useLast(onBuild !== undefined && canBuild(server), isThere);
  const isBuilt = canFirstBuild && git.kind === "containerfile";
  // The branch is asked for beside the repository then.
  const shown = useMemo(() => fields.filter(({ name }) => !isGit || name !== "branch"), [fields, isGit]);
  const [typed, setTyped] = useState<Values>(image === undefined ? {} : { image });
  const suggested = isGit ? git.source?.suggested_name : undefined;
  const values = useMemo(
    () => ({ ...defaultValues(shown), ...(suggested && { name: suggested }), ...typed }),
    [shown, suggested, typed],
  );
  const local = useMemo(() => problemsOf(shown, values, messages.form.problems), [shown, values]);
  const gitInput = isGit ? git.input : NO_GIT;
  const isPlannable = isThere && state.form !== null && !isBuilt && local.length === 0 && gitInput !== null;
  const planning = usePlan(id, isPlannable ? { ...inputOf(shown, values), ...gitInput } : null);
  const creating = useOrder<RunStarted>(({ run_id }) => {
    onClose();
    goTo(paths.run(run_id));
  });

  const fromPlan = planning.isCurrent ? (planning.answer?.problems ?? []) : [];
  const problems = local.length > 0 ? local : fromPlan;
  const plan = isPlannable && planning.isCurrent && problems.length === 0 ? planning.answer : null;

  const column = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (state.form) column.current?.querySelector<HTMLElement>("[data-field] input")?.focus();
  }, [state.form]);

  const change = (field: string, value: string) => {
    setTyped((before) => ({ ...before, [field]: value }));
    creating.forget();
  };
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      initialFocus={column}
      width={800}
      flush
      onSubmit={() => plan && creating.send(workspaceCreate({ connection_id: id, plan }))}
      footerStart={<CopyCommand command={planning.answer?.command ?? null} />}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={plan === null || creating.isBusy}>
            {creating.isBusy ? words.creating : words.create}
          </Button>
        </>
      }
    >
      <div className="grid min-h-120 grid-cols-[minmax(0,1fr)_280px]">
        <div ref={column} tabIndex={-1} className="flex min-w-0 flex-col gap-4 p-5">
          <ServerCards connections={servers} value={id} onChange={choose} />
          {!isThere && <Away server={name} />}
          <SourceFields state={git} problems={fromPlan} can={{ git: canGit, build: canFirstBuild }} />
          {isBuilt ? (
            <BuildFirst server={name} onBuild={(source) => onBuild?.(id, source)} />
          ) : (
            <FormColumn
              state={state}
              fields={shown}
              server={name}
              values={values}
              problems={shownProblems(problems, values, typed)}
              onChange={change}
            />
          )}
        </div>
        <div className="border-l bg-panel">
          <div className="sticky top-0">
            <PlanColumn
              planning={planning}
              stray={planning.isCurrent ? strayProblems(fields, planning.answer) : []}
              refusal={creating.failure}
            />
          </div>
        </div>
      </div>
    </Dialog>
  );
}

/** What was true while the server was there: a form does not change because a connection was lost. */
function useLast<T>(value: T, isThere: boolean): T {
  const [last, setLast] = useState(value);
  if (isThere && last !== value) setLast(value);
  return last;
}

function CopyCommand({ command }: { command: string | null }) {
  const [copied, copy] = useCopied();
  if (command === null) return null;
  return (
    <Button tone="quiet" onClick={() => copy(command)}>
      {copied ? messages.copy.done : words.copyCommand}
    </Button>
  );
}
