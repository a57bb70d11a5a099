import { useRef, useState } from "react";
import { goTo, paths } from "@/app/navigation";
import { useConnection } from "@/app/store";
import { Button, Dialog, ErrorBox } from "@/components";
import { type AppError, type ConnectionId, connectionDelete, toFailure } from "@/ipc";
import { messages } from "@/messages";

const words = messages.connections.delete;

/** Forgets a connection; the server is not touched, so a named question is enough. */
export function DeleteConnectionDialog({
  connectionId,
  onClose,
}: {
  connectionId: ConnectionId;
  onClose: () => void;
}) {
  const view = useConnection(connectionId);
  const cancel = useRef<HTMLButtonElement>(null);
  const [failure, setFailure] = useState<AppError | null>(null);
  if (!view) return null;
  const remove = () =>
    connectionDelete({ connection_id: connectionId }).then(
      () => {
        onClose();
        goTo(paths.connections());
      },
      (thrown) => setFailure(toFailure(thrown)),
    );
  return (
    <Dialog
      title={words.title(view.connection.name)}
      lead={words.lead(view.workspace_count)}
      onClose={onClose}
      initialFocus={cancel}
      width={440}
      footer={
        <>
          <Button ref={cancel} onClick={onClose}>
            {messages.cancel}
          </Button>
          <Button tone="danger-main" onClick={() => void remove()}>
            {words.submit}
          </Button>
        </>
      }
    >
      {failure && <ErrorBox failure={failure} />}
    </Dialog>
  );
}
