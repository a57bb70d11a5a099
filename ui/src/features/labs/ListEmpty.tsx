import { Plug, SearchX, Waypoints } from "lucide-react";
import { openDialog } from "@/app/dialogs";
import { goTo, paths } from "@/app/navigation";
import { useCore } from "@/app/store";
import { Button, EmptyState } from "@/components";
import type { ConnectionView } from "@/ipc";
import { messages } from "@/messages";

const words = messages.labs.empty;

/** Why the list is empty, with the one button that helps. */
export function ListEmpty(props: { isFiltered: boolean; query: string; onShowAll: () => void }) {
  const connections = useCore((state) => state.connections);
  const descriptors = useCore((state) => state.descriptors);
  if (props.isFiltered) {
    const { title, text, action } = words.noMatch(props.query);
    return (
      <EmptyState
        icon={<SearchX />}
        {...{ title, text }}
        actions={<Button onClick={props.onShowAll}>{action}</Button>}
      />
    );
  }
  // One that is away tells nothing of itself; its kind does.
  const servers = connections.filter(
    ({ connection, labs }) =>
      labs !== null || descriptors.some(({ kind, runs_labs }) => runs_labs && kind === connection.kind),
  );
  const live = servers.filter(({ labs }) => labs !== null);
  const namesOf = (views: readonly ConnectionView[]) => views.map(({ connection }) => connection.name);
  if (live.length > 0) {
    const { title, text, action } = words.none(namesOf(live));
    return (
      <EmptyState
        icon={<Waypoints />}
        {...{ title, text }}
        actions={
          <Button tone="main" onClick={() => openDialog({ dialog: "new-lab" })}>
            {action}
          </Button>
        }
      />
    );
  }
  if (servers.length > 0) {
    const { title, text, action } = words.away(namesOf(servers));
    return (
      <EmptyState
        icon={<Plug />}
        {...{ title, text }}
        actions={<Button onClick={() => goTo(paths.connections())}>{action}</Button>}
      />
    );
  }
  const { title, text, action } = words.noServer;
  return (
    <EmptyState
      icon={<Waypoints />}
      {...{ title, text }}
      actions={
        <Button tone="main" onClick={() => openDialog({ dialog: "add-connection" })}>
          {action}
        </Button>
      }
    />
  );
}
