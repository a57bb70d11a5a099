import { useState } from "react";
import { goTo, paths } from "@/app/navigation";
import { useConnection } from "@/app/store";
import { DangerDialog } from "@/components";
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
    <DangerDialog
      title={words.title(view.connection.name)}
      lead={words.lead(view.workspace_count)}
      width={440}
      submit={words.submit}
      failure={failure}
      onSubmit={() => void remove()}
      onClose={onClose}
    />
  );
}
