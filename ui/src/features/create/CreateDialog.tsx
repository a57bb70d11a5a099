import { ServerOff } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { goTo, paths } from "@/app/navigation";
import { useCore } from "@/app/store";
import { Button, Dialog, defaultValues, EmptyState, useCopied, type Values } from "@/components";
import { type AppError, type ConnectionId, type ConnectionView, toFailure, workspaceCreate } from "@/ipc";
import { messages } from "@/messages";
import { BuildFirst } from "./BuildFirst";
import { FormColumn } from "./FormColumn";
import { PlanColumn } from "./PlanColumn";
import { inputOf, localProblems, shownProblems, strayProblems } from "./problems";
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
  const connections = useCore((state) => state.connections);
  const servers = useMemo(() => connections.filter(canMake), [connections]);
  const [chosen, setChosen] = useState<ConnectionId | null>(connectionId ?? null);
  const server = servers.find(({ connection }) => connection.id === chosen) ?? servers[0];
  if (!server) return <NoServer onClose={onClose} />;
  return <CreateForm {...{ servers, server, image, onBuild, onClose }} onServer={setChosen} />;
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

interface CreateFormProps {
  servers: readonly ConnectionView[];
  server: ConnectionView;
  image: string | undefined;
  onBuild: OnBuild | undefined;
  onServer: (id: ConnectionId) => void;
  onClose: () => void;
}

function CreateForm({ servers, server, image, onBuild, onServer, onClose }: CreateFormProps) {
  const { id, name } = server.connection;
  const state = useForm(id);
  const fields = useMemo(() => state.form?.fields ?? [], [state.form]);
  const canGit = canUseGit(server);
  const git = useGitSource();
  const isGit = canGit && git.kind === "git";
  const isBuilt = onBuild !== undefined && canBuild(server) && git.kind === "containerfile";
  // The branch is asked for beside the repository then.
  const shown = useMemo(() => fields.filter(({ name }) => !isGit || name !== "branch"), [fields, isGit]);
  const [typed, setTyped] = useState<Values>(image === undefined ? {} : { image });
  const suggested = isGit ? git.source?.suggested_name : undefined;
  const values = useMemo(
    () => ({ ...defaultValues(shown), ...(suggested && { name: suggested }), ...typed }),
    [shown, suggested, typed],
  );
  const local = useMemo(() => localProblems(shown, values), [shown, values]);
  const gitInput = isGit ? git.input : NO_GIT;
  const isPlannable = state.form !== null && !isBuilt && local.length === 0 && gitInput !== null;
  const planning = usePlan(id, isPlannable ? { ...inputOf(shown, values), ...gitInput } : null);
  const creating = useCreating(id, onClose);

  const fromPlan = planning.isCurrent ? (planning.plan?.problems ?? []) : [];
  const problems = local.length > 0 ? local : fromPlan;
  const plan = planning.isCurrent && !isBuilt && problems.length === 0 ? planning.plan : null;

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
      onSubmit={() => plan && creating.create(plan)}
      footerStart={<CopyCommand command={planning.plan?.command ?? null} />}
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
          <ServerCards connections={servers} value={id} onChange={onServer} />
          <SourceFields
            state={git}
            problems={fromPlan}
            can={{ git: canGit, build: onBuild !== undefined && canBuild(server) }}
          />
          {isBuilt ? (
            <BuildFirst server={name} onBuild={(source) => onBuild(id, source)} />
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
              stray={planning.isCurrent ? strayProblems(fields, planning.plan) : []}
              refusal={creating.refusal}
            />
          </div>
        </div>
      </div>
    </Dialog>
  );
}

/** Carries the plan out and leads to its run. */
function useCreating(connectionId: ConnectionId, onClose: () => void) {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<AppError | null>(null);
  const create = async (plan: Parameters<typeof workspaceCreate>[0]["plan"]) => {
    setBusy(true);
    setRefusal(null);
    try {
      const { run_id } = await workspaceCreate({ connection_id: connectionId, plan });
      onClose();
      goTo(paths.run(run_id));
    } catch (thrown) {
      setRefusal(toFailure(thrown));
      setBusy(false);
    }
  };
  return {
    isBusy,
    refusal,
    create: (plan: Parameters<typeof create>[0]) => void create(plan),
    forget: () => setRefusal(null),
  };
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
