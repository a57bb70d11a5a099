import { useState } from "react";
import { goTo, paths } from "@/app/navigation";
import { Button, Dialog, ErrorBox, Field, Input } from "@/components";
import { type AppError, type ConnectionId, toFailure, volumeImport } from "@/ipc";
import { messages } from "@/messages";

const words = messages.volumes.importDialog;

interface ImportDialogProps {
  connectionId: ConnectionId;
  server: string;
  taken: readonly string[];
  onClose: () => void;
}

/** Names the new volume; the file is picked by the system's own dialog. */
export function ImportDialog({ connectionId, server, taken, onClose }: ImportDialogProps) {
  const [typed, setTyped] = useState("");
  const [failure, setFailure] = useState<AppError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const name = typed.trim();
  const isTaken = taken.includes(name);
  const submit = async () => {
    if (name === "" || isTaken || isBusy) return;
    setBusy(true);
    setFailure(null);
    try {
      const { run_id } = await volumeImport({ connection_id: connectionId, name });
      if (run_id) {
        onClose();
        goTo(paths.run(run_id));
      }
    } catch (thrown) {
      setFailure(toFailure(thrown));
    }
    setBusy(false);
  };
  return (
    <Dialog
      title={words.title}
      lead={words.lead(server)}
      onClose={onClose}
      width={460}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={name === "" || isTaken || isBusy}>
            {words.submit}
          </Button>
        </>
      }
    >
      {failure && <ErrorBox failure={failure} className="mb-3" />}
      <Field label={words.name} help={words.help} error={isTaken ? words.taken(name) : undefined}>
        {(control) => (
          <Input {...control} mono value={typed} onChange={(event) => setTyped(event.target.value)} />
        )}
      </Field>
    </Dialog>
  );
}
