/* One connection: its state with what can be done about it, the server, the way there, the form. */
import { Pencil, Plug, Stethoscope, Trash2, Unplug } from "lucide-react";
import { useState } from "react";
import { useNow } from "@/app/clock";
import { openDialog } from "@/app/dialogs";
import { goTo, paths } from "@/app/navigation";
import { connect, disconnect } from "@/app/operations";
import { connectionStatus } from "@/app/status";
import { Button, ErrorBox, StatusDot } from "@/components";
import type { ConnectionView } from "@/ipc";
import { messages } from "@/messages";
import { EditConnection } from "./EditConnection";
import { LabServerCard } from "./LabServerCard";
import { PathCard } from "./PathCard";
import { ServerCard } from "./ServerCard";

const words = messages.connections;

export function ConnectionDetail({ view }: { view: ConnectionView }) {
  const [isEditing, setEditing] = useState(false);
  const now = useNow();
  const { connection, state } = view;
  const test = () => goTo(paths.connectionTest(connection.id));
  const onConnect = () => void connect(connection.id);
  const failure = state.state === "failed" || state.state === "reconnecting" ? state.error : null;
  return (
    <div className="min-w-0 grow overflow-y-auto">
      <div className="flex max-w-210 flex-col gap-4 p-5">
        <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <h2 className="truncate font-semibold text-title">{connection.name}</h2>
          <StatusDot {...connectionStatus(state, now)} />
          <span className="ml-auto flex gap-2">
            <StateButton view={view} onConnect={onConnect} />
            <Button icon={<Stethoscope />} onClick={test}>
              {words.test}
            </Button>
            <Button icon={<Pencil />} aria-pressed={isEditing} onClick={() => setEditing(!isEditing)}>
              {words.edit}
            </Button>
            <Button
              tone="danger"
              icon={<Trash2 />}
              onClick={() => openDialog({ dialog: "delete-connection", connectionId: connection.id })}
            >
              {words.remove}
            </Button>
          </span>
        </header>
        {failure && !isEditing && (
          <ErrorBox
            failure={failure}
            tone={state.state === "failed" ? "err" : "warn"}
            onRetry={onConnect}
            actions={
              <>
                <Button onClick={test}>{messages.doctor.test}</Button>
                <Button onClick={() => setEditing(true)}>{words.edit}</Button>
              </>
            }
          />
        )}
        {isEditing ? (
          <EditConnection view={view} onDone={() => setEditing(false)} />
        ) : (
          <>
            <LabServerCard view={view} />
            <PathCard view={view} />
            <ServerCard view={view} />
          </>
        )}
      </div>
    </div>
  );
}

/** Connect, connect now, or disconnect: whichever makes sense. */
function StateButton({ view, onConnect }: { view: ConnectionView; onConnect: () => void }) {
  const onDisconnect = () => void disconnect(view.connection.id, view.connection.name);
  switch (view.state.state) {
    case "connected":
    case "connecting":
      return (
        <Button icon={<Unplug />} onClick={onDisconnect}>
          {words.disconnect}
        </Button>
      );
    case "reconnecting":
      return (
        <>
          <Button icon={<Plug />} onClick={onConnect}>
            {words.connectNow}
          </Button>
          <Button icon={<Unplug />} onClick={onDisconnect}>
            {words.disconnect}
          </Button>
        </>
      );
    case "disconnected":
    case "failed":
      return (
        <Button icon={<Plug />} onClick={onConnect}>
          {words.connect}
        </Button>
      );
  }
}
