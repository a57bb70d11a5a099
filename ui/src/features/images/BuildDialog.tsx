import { useRef, useState } from "react";
import { Button, Dialog } from "@/components";
import { type ConnectionId, imageBuild, type RunId } from "@/ipc";
import { messages } from "@/messages";
import { BuildFields } from "./BuildFields";
import { BuildPlan } from "./BuildPlan";
import { type BuildDraft, firstDraft, inputOf, localProblem, type SourceKind } from "./build-draft";
import { NoServer } from "./NoServer";
import { useImageTarget } from "./ServerField";
import { useBegin } from "./useBegin";
import { useBuildPlan } from "./useBuildPlan";

const words = messages.images;

interface BuildDialogProps {
  connectionId?: ConnectionId | undefined;
  source?: SourceKind | undefined;
  /** What the image is called at first. */
  name?: string | undefined;
  /** Told once the build goes on, when a workspace is made from the image afterwards. */
  onBegun?: ((runId: RunId, server: ConnectionId, image: string) => void) | undefined;
  onClose: () => void;
}

/** Builds an image: the form at the left, every step at the right. */
export function BuildDialog({ connectionId, source, name, onBegun, onClose }: BuildDialogProps) {
  const target = useImageTarget(connectionId);
  const { target: server, isThere } = target;
  const [draft, setDraft] = useState<BuildDraft>(() => firstDraft(source ?? "folder", name));
  const first = useRef<HTMLInputElement>(null);
  const local = localProblem(draft);
  const input = isThere && local === null ? inputOf(draft) : null;
  const planning = useBuildPlan(server?.connection.id ?? null, input);
  const { isBusy, failure, send, forget } = useBegin(onClose, { shows: true });
  if (!server) return <NoServer title={words.build} onClose={onClose} />;
  const problems = planning.isCurrent ? (planning.answer?.problems ?? []) : [];
  const canBuild = input !== null && planning.isCurrent && planning.answer !== null && problems.length === 0;
  const { id } = server.connection;
  const submit = () => {
    const image = planning.answer?.subject;
    if (!canBuild || isBusy || image === undefined) return;
    const begun = imageBuild({ connection_id: id, input: inputOf(draft) });
    send(
      begun.then((started) => {
        onBegun?.(started.run_id, id, image);
        return started;
      }),
    );
  };
  return (
    <Dialog
      title={words.build}
      initialFocus={first}
      onClose={onClose}
      width={840}
      flush
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={!canBuild || isBusy}>
            {isBusy ? words.form.sending : onBegun ? words.form.submitThenCreate : words.form.submit}
          </Button>
        </>
      }
    >
      <div className="grid min-h-115 grid-cols-[minmax(0,1fr)_300px]">
        <BuildFields
          {...{ target, draft, problems, first }}
          onChange={(change) => {
            setDraft((before) => ({ ...before, ...change }));
            forget();
          }}
        />
        <div className="border-l bg-panel">
          <BuildPlan planning={planning} refusal={failure} />
        </div>
      </div>
    </Dialog>
  );
}
