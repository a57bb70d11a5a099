/* Git on both sides of a workspace: how far they are apart, what is not committed, push, pull, fetch. */
import { ArrowDown, ArrowUp, Power, RefreshCw } from "lucide-react";
import { useState } from "react";
import { startWorkspace } from "@/app/operations";
import { useWorkspace } from "@/app/store";
import { Button, EmptyState, ErrorBox, IconButton } from "@/components";
import type { GitState, WorkspaceRef, WorkspaceView } from "@/ipc";
import { messages } from "@/messages";
import { DirtyDialog } from "./DirtyDialog";
import { type Direction, fetchFrom, needsChoice, transfer } from "./operations";
import { SideCard } from "./SideCard";
import { TieCard } from "./TieCard";
import { type Both, useGitState } from "./useGitState";

const words = messages.git;

export function GitTab({ workspace }: { workspace: WorkspaceRef }) {
  const view = useWorkspace(workspace);
  if (!view) return null;
  if (view.workspace.state !== "running") return <Stopped view={view} />;
  return <Sides view={view} />;
}

function Stopped({ view }: { view: WorkspaceView }) {
  const { title, text, start } = words.stopped;
  return (
    <EmptyState
      icon={<Power />}
      title={title(view.workspace.name)}
      text={text}
      actions={<Button onClick={() => void startWorkspace(view.workspace_ref)}>{start}</Button>}
    />
  );
}

function Sides({ view }: { view: WorkspaceView }) {
  const both = useGitState(view);
  const { state, failure, again } = both;
  if (!state)
    return failure ? (
      <ErrorBox className="m-5" failure={failure} onRetry={again} />
    ) : (
      <p className="appear-late p-5 text-fg-3">{words.loading}</p>
    );
  const isTied = state.link?.folder !== null && state.link !== null;
  return (
    <div className="flex flex-col gap-3.5 p-5">
      {failure && <ErrorBox failure={failure} onRetry={again} />}
      {isTied ? (
        <Bar view={view} state={state} both={both} />
      ) : (
        <TieCard workspace={view.workspace_ref} name={view.workspace.name} isBusy={both.running !== null} />
      )}
      {isTied && state.here_problem && (
        <TieCard
          workspace={view.workspace_ref}
          name={view.workspace.name}
          isBusy={both.running !== null}
          isAgain
        />
      )}
      <div className="grid grid-cols-[repeat(auto-fit,minmax(min(340px,100%),1fr))] items-start gap-3.5">
        {isTied && (
          <SideCard title={words.here} side={state.here} problem={state.here_problem} onRetry={again} />
        )}
        {(isTied || state.there) && (
          <SideCard title={words.there} side={state.there} problem={state.there_problem} onRetry={again} />
        )}
      </div>
    </div>
  );
}

/** The distance in words, and what shortens it. */
function Bar({ view, state, both }: { view: WorkspaceView; state: GitState; both: Both }) {
  const [asking, setAsking] = useState<Direction | null>(null);
  const { workspace_ref: workspace } = view;
  const isBusy = both.running !== null;
  const begin = (direction: Direction) => {
    if (needsChoice(state, direction)) setAsking(direction);
    else void transfer(workspace, direction);
  };
  return (
    <div className="flex flex-wrap items-center gap-2 rounded-card border bg-panel px-3 py-2.5">
      <p className="mr-auto min-w-40 font-[550]">{distance(state)}</p>
      <IconButton
        label={words.refresh}
        icon={<RefreshCw className={both.isAsking ? "animate-spin" : ""} />}
        onClick={both.again}
      />
      <Button disabled={isBusy} onClick={() => void fetchFrom(workspace)}>
        {words.fetch}
      </Button>
      <Button disabled={isBusy} icon={<ArrowDown />} onClick={() => begin("pull")}>
        {words.pull}
      </Button>
      <Button
        tone={state.ahead ? "main" : "default"}
        disabled={isBusy}
        icon={<ArrowUp />}
        onClick={() => begin("push")}
      >
        {words.push}
      </Button>
      {asking && state.there && (
        <DirtyDialog
          name={view.workspace.name}
          side={state.there}
          direction={asking}
          onClose={() => setAsking(null)}
          onChosen={(dirty) => {
            setAsking(null);
            void transfer(workspace, asking, dirty);
          }}
        />
      )}
    </div>
  );
}

function distance({ here, there, ahead, behind }: GitState): string {
  const name = (side: typeof here) =>
    side && (side.head.type === "detached" ? words.detached(side.head.commit) : side.head.name);
  if (ahead === null || behind === null) {
    const [one, other] = [name(here), name(there)];
    return one && other && one !== other ? words.otherBranches(one, other) : words.unknownDistance;
  }
  const parts = [ahead > 0 ? words.ahead(ahead) : "", behind > 0 ? words.behind(behind) : ""];
  return parts.filter(Boolean).join(" · ") || words.inStep;
}
