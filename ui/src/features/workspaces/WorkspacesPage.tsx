/* The list of workspaces of all connections: what is shown, and why when nothing is. */
import { Plus, RefreshCw } from "lucide-react";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { openDialog } from "@/app/dialogs";
import { useFilterAction } from "@/app/filter-action";
import { attempt } from "@/app/operations";
import { useCore, workspaceKey } from "@/app/store";
import { Button, FilterInput, IconButton, Kbd, PageHeader, Segments, useSelection } from "@/components";
import { type WorkspaceRef, type WorkspaceView, workspacesRefresh } from "@/ipc";
import { messages } from "@/messages";
import { BulkBar } from "./BulkBar";
import { isMine, isRunning, matches, type Segment, sortRows } from "./filter";
import { ListEmpty } from "./ListEmpty";
import { StaleNotes } from "./StaleNotes";
import { WorkspaceGrid } from "./WorkspaceGrid";

const words = messages.workspaces;

const keyOf = (view: WorkspaceView) => workspaceKey(view.workspace_ref);

/** `cpu` draws the course of a workspace's CPU; the metrics feature brings it. */
export function WorkspacesPage({ cpu }: { cpu: (workspace: WorkspaceRef, name: string) => ReactNode }) {
  const [query, setQuery] = useState("");
  const [segment, setSegment] = useState<Segment>("all");
  const filter = useFilterAction("workspaces.filter", words.filter);
  const page = useRef<HTMLDivElement>(null);
  const { all, running, shown } = useRows(query, segment);
  const selection = useSelection(shown, keyOf);

  const toGrid = () => page.current?.querySelector<HTMLElement>("[data-row][tabindex='0']")?.focus();

  return (
    <div ref={page} className="flex min-h-0 grow flex-col">
      <PageHeader
        title={words.title}
        count={all.length}
        tools={
          <>
            <FilterInput
              ref={filter}
              label={words.filter}
              value={query}
              onChange={setQuery}
              onLeave={toGrid}
              className="narrow:w-40!"
            />
            <Segments
              label={words.segments.label}
              value={segment}
              onChange={setSegment}
              segments={[
                { value: "all", label: words.segments.all },
                { value: "running", label: words.segments.running, count: running },
                { value: "mine", label: words.segments.mine },
              ]}
            />
          </>
        }
        actions={
          <>
            <IconButton
              framed
              label={words.refresh}
              icon={<RefreshCw className="size-3.5!" />}
              onClick={() => void attempt(workspacesRefresh())}
            />
            <NewButton />
          </>
        }
      />
      {shown.length > 0 ? (
        <WorkspaceGrid rows={shown} selection={selection} cpu={cpu} footer={<StaleNotes rows={shown} />} />
      ) : (
        <ListEmpty
          isFiltered={all.length > 0}
          query={query}
          onShowAll={() => {
            setQuery("");
            setSegment("all");
          }}
        />
      )}
      <BulkBar selected={selection.selected} onClear={selection.clear} />
    </div>
  );
}

function NewButton() {
  const canCreate = useCore((state) => state.connections.some(({ abilities }) => abilities?.apply));
  return (
    <Button
      tone="main"
      icon={<Plus />}
      disabled={!canCreate}
      onClick={() => openDialog({ dialog: "create-workspace" })}
    >
      {words.newOne}
      <Kbd keys={["N"]} onAccent />
    </Button>
  );
}

function useRows(query: string, segment: Segment) {
  const workspaces = useCore((state) => state.workspaces);
  const connections = useCore((state) => state.connections);
  const all = useMemo(() => sortRows(Object.values(workspaces).flat()), [workspaces]);
  const shown = useMemo(() => {
    const byId = new Map(connections.map((view) => [view.connection.id, view]));
    const isChosen = (view: WorkspaceView) => {
      if (segment === "running") return isRunning(view);
      if (segment === "mine") return isMine(view, byId.get(view.workspace_ref.connection_id));
      return true;
    };
    return all.filter((view) => isChosen(view) && matches(view, query.trim()));
  }, [all, connections, query, segment]);
  return { all, shown, running: all.filter(isRunning).length };
}
