import { cancelBulk, startBulk, useBulk } from "@/app/bulk";
import { useCore } from "@/app/store";
import { useWorkspaceActions } from "@/app/workspace-actions";
import { Button, Dot, SelectionBar, StartStop } from "@/components";
import type { WorkspaceView } from "@/ipc";
import { messages } from "@/messages";

const words = messages.bulk;

/** What can be done to all selected rows, or how far it has come. */
export function BulkBar({ selected, onClear }: { selected: readonly WorkspaceView[]; onClear: () => void }) {
  const job = useBulk((state) => state.job);
  if (!job && selected.length === 0) return null;
  return (
    <SelectionBar label={words.name} {...(job ? {} : { onClear })}>
      {job ? (
        <>
          <Dot tone="busy" />
          <span role="status" className="tabular-nums">
            {words.progress(job.verb, job.done, job.total)}
          </span>
          <Button disabled={job.isCancelled} onClick={cancelBulk}>
            {job.isCancelled ? words.cancelling : words.cancel}
          </Button>
        </>
      ) : (
        <Choices selected={selected} />
      )}
    </SelectionBar>
  );
}

function Choices({ selected }: { selected: readonly WorkspaceView[] }) {
  const startable = usePossible(selected, "workspace.start");
  const stoppable = usePossible(selected, "workspace.stop");
  return (
    <StartStop
      selected={selected.length}
      startable={startable.length}
      stoppable={stoppable.length}
      onStart={() => void startBulk("start", startable)}
      onStop={() => void startBulk("stop", stoppable)}
    />
  );
}

/** Those of the rows to which the registry lets this be done now. */
function usePossible(views: readonly WorkspaceView[], id: string): WorkspaceView[] {
  const action = useWorkspaceActions((state) => state.actions.find((one) => one.id === id));
  const connections = useCore((state) => state.connections);
  return views.filter((view) => {
    const connection = connections.find((one) => one.connection.id === view.workspace_ref.connection_id);
    return action?.when(view, connection) === true;
  });
}
