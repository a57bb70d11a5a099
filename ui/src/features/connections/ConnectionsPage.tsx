/* Connections: all of them at the left, the chosen one at the right. */
import { Plug, Plus } from "lucide-react";
import { useEffect } from "react";
import { useNow } from "@/app/clock";
import { openDialog } from "@/app/dialogs";
import { goTo, history, paths } from "@/app/navigation";
import { connectionRemark, connectionStatus } from "@/app/status";
import { useCore } from "@/app/store";
import { Button, cx, Dot, EmptyState, PageHeader, useRovingRows } from "@/components";
import type { ConnectionId, ConnectionView } from "@/ipc";
import { messages } from "@/messages";
import { ConnectionDetail } from "./ConnectionDetail";

const words = messages.connections;

export function ConnectionsPage({ connectionId }: { connectionId?: ConnectionId }) {
  const connections = useCore((state) => state.connections);
  const chosen = connections.find(({ connection }) => connection.id === connectionId);
  const first = connections[0]?.connection.id;
  useEffect(() => {
    if (connectionId === undefined && first !== undefined) history.replace(paths.connection(first));
  }, [connectionId, first]);
  const add = () => openDialog({ dialog: "add-connection" });
  const bringIn = () => openDialog({ dialog: "import" });
  return (
    <>
      <PageHeader
        title={words.title}
        count={connections.length}
        actions={
          <>
            <Button onClick={bringIn}>{messages.importing.open}</Button>
            <Button tone="main" icon={<Plus />} onClick={add}>
              {words.add}
            </Button>
          </>
        }
      />
      {connections.length === 0 ? (
        <EmptyState
          icon={<Plug />}
          title={words.empty.title}
          text={words.empty.text}
          actions={
            <>
              <Button onClick={add}>{words.empty.action}</Button>
              <Button onClick={bringIn}>{messages.importing.open}</Button>
            </>
          }
        />
      ) : (
        <div className="flex min-h-0 grow">
          <ConnectionRows connections={connections} chosen={chosen} />
          {chosen ? (
            <ConnectionDetail key={chosen.connection.id} view={chosen} />
          ) : (
            <Missing id={connectionId} />
          )}
        </div>
      )}
    </>
  );
}

function Missing({ id }: { id: ConnectionId | undefined }) {
  if (id === undefined) return null;
  const { title, text, action } = words.gone;
  return (
    <EmptyState
      icon={<Plug />}
      {...{ title, text }}
      actions={<Button onClick={() => goTo(paths.connections())}>{action}</Button>}
    />
  );
}

function ConnectionRows({
  connections,
  chosen,
}: {
  connections: ConnectionView[];
  chosen: ConnectionView | undefined;
}) {
  const show = (index: number) => {
    const view = connections[index];
    if (view) goTo(paths.connection(view.connection.id));
  };
  const { rowProps, onKeyDown } = useRovingRows({ count: connections.length, onOpen: show });
  return (
    <div
      role="grid"
      aria-label={words.list}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className="w-64 shrink-0 overflow-y-auto border-r p-2 outline-none!"
    >
      {connections.map((view, index) => (
        <div
          key={view.connection.id}
          {...rowProps(index)}
          role="row"
          aria-rowindex={index + 1}
          aria-selected={view === chosen}
          onClick={() => show(index)}
          className={cx(
            "eased rounded-control px-2.5 py-1.5 -outline-offset-2!",
            view === chosen ? "bg-selected" : "hover:bg-hover",
          )}
        >
          <RowContent view={view} />
        </div>
      ))}
    </div>
  );
}

function RowContent({ view }: { view: ConnectionView }) {
  const now = useNow();
  const { tone, word } = connectionStatus(view.state, now);
  return (
    <div role="gridcell">
      <div className="flex items-center gap-2">
        <Dot tone={tone} />
        <span className="min-w-0 grow truncate font-[550]">{view.connection.name}</span>
        <span className="text-fg-3 text-status tabular-nums">{connectionRemark(view.state, now)}</span>
      </div>
      <p
        className={cx(
          "truncate pl-5",
          tone === "err" ? "text-err" : tone === "busy" ? "text-warn" : "text-fg-3",
        )}
      >
        {tone === "ok" && view.server ? view.server.product : word}
      </p>
    </div>
  );
}
