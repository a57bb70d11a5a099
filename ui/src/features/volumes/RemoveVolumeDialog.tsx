import { TriangleAlert, Upload } from "lucide-react";
import { useRef, useState } from "react";
import { followRun } from "@/app/run-notices";
import { Button, Dialog, ErrorBox, Field, formatBytes, Input } from "@/components";
import { type AppError, type ConnectionId, toFailure, type VolumeInfo, volumesRemove } from "@/ipc";
import { messages } from "@/messages";
import { exportVolume } from "./carry";

const words = messages.volumes.removeDialog;

interface RemoveVolumeDialogProps {
  connectionId: ConnectionId;
  server: string;
  volume: VolumeInfo;
  canExport: boolean;
  onClose: () => void;
}

/** What is on a volume cannot be brought back: its name has to be typed. */
export function RemoveVolumeDialog(props: RemoveVolumeDialogProps) {
  const { connectionId, server, volume, canExport, onClose } = props;
  const cancel = useRef<HTMLButtonElement>(null);
  const [typed, setTyped] = useState("");
  const [failure, setFailure] = useState<AppError | null>(null);
  const isConfirmed = typed === volume.name;
  const remove = () =>
    volumesRemove({ connection_id: connectionId, names: [volume.name] }).then(
      ({ run_id }) => {
        followRun(run_id);
        onClose();
      },
      (thrown: unknown) => setFailure(toFailure(thrown)),
    );
  return (
    <Dialog
      title={words.title(volume.name)}
      lead={words.lead(server)}
      icon={
        <span className="flex size-8 shrink-0 items-center justify-center rounded-card bg-err-soft text-err">
          <TriangleAlert />
        </span>
      }
      onClose={onClose}
      initialFocus={cancel}
      width={480}
      onSubmit={() => isConfirmed && void remove()}
      footerStart={
        canExport && (
          <Button
            tone="quiet"
            icon={<Upload />}
            onClick={() => {
              onClose();
              void exportVolume(connectionId, volume.name);
            }}
          >
            {words.exportFirst}
          </Button>
        )
      }
      footer={
        <>
          <Button ref={cancel} onClick={onClose}>
            {messages.cancel}
          </Button>
          <Button tone="danger-main" type="submit" disabled={!isConfirmed}>
            {words.submit}
          </Button>
        </>
      }
    >
      {failure && <ErrorBox failure={failure} className="mb-3" />}
      <p className="mb-3 rounded-card border bg-panel px-3 py-2">
        <span className="block text-fg-3">{words.goes}</span>
        <span className="font-mono wrap-anywhere">{volume.name}</span>
        <span className="text-fg-2">
          {" "}
          · {messages.volumes.kind[volume.kind]}
          {volume.size_bytes !== null && ` · ${formatBytes(volume.size_bytes)}`}
        </span>
      </p>
      <Field label={words.typeName(volume.name)}>
        {(control) => (
          <Input {...control} mono value={typed} onChange={(event) => setTyped(event.target.value)} />
        )}
      </Field>
    </Dialog>
  );
}
