import { Box, Plug, SearchX } from "lucide-react";
import { openDialog } from "@/app/dialogs";
import { goTo, paths } from "@/app/navigation";
import { useCore } from "@/app/store";
import { Button, EmptyState } from "@/components";
import { messages } from "@/messages";

const words = messages.workspaces.empty;

/** Why the list is empty, with the one button that helps. */
export function ListEmpty(props: { isFiltered: boolean; query: string; onShowAll: () => void }) {
  const connections = useCore((state) => state.connections);
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
  if (connections.length === 0) {
    const { title, text, action } = words.noConnections;
    const add = () => openDialog({ dialog: "add-connection" });
    return (
      <EmptyState
        icon={<Plug />}
        {...{ title, text }}
        actions={
          <Button tone="main" onClick={add}>
            {action}
          </Button>
        }
      />
    );
  }
  const live = connections.filter(({ state }) => state.state === "connected");
  if (live.length > 0) {
    const { title, text, action } = words.none(live.map(({ connection }) => connection.name));
    const create = () => openDialog({ dialog: "create-workspace" });
    return (
      <EmptyState
        icon={<Box />}
        {...{ title, text }}
        actions={
          <Button tone="main" onClick={create}>
            {action}
          </Button>
        }
      />
    );
  }
  if (connections.some(({ state }) => state.state === "connecting"))
    return <EmptyState icon={<Plug />} {...words.connecting} />;
  const { title, text, action } = words.cannotLoad;
  return (
    <EmptyState
      icon={<Plug />}
      {...{ title, text }}
      actions={<Button onClick={() => goTo(paths.connections())}>{action}</Button>}
    />
  );
}
