import { Upload } from "lucide-react";
import { useState } from "react";
import { followRun } from "@/app/run-notices";
import { Button, DangerDialog, formatBytes, TypedAgain } from "@/components";
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
  const [typed, setTyped] = useState("");
  const [failure, setFailure] = useState<AppError | null>(null);
  const remove = () =>
    void volumesRemove({ connection_id: connectionId, names: [volume.name] }).then(
      ({ run_id }) => {
        followRun(run_id);
        onClose();
      },
      (thrown: unknown) => setFailure(toFailure(thrown)),
    );
  return (
    <DangerDialog
      title={words.title(volume.name)}
      lead={words.lead(server)}
      submit={words.submit}
      canSubmit={typed === volume.name}
      failure={failure}
      onSubmit={remove}
      onClose={onClose}
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
    >
      <p className="rounded-card border bg-panel px-3 py-2">
        <span className="block text-fg-3">{words.goes}</span>
        <span className="font-mono wrap-anywhere">{volume.name}</span>
        <span className="text-fg-2">
          {" "}
          · {messages.volumes.kind[volume.kind]}
          {volume.size_bytes !== null && ` · ${formatBytes(volume.size_bytes)}`}
        </span>
      </p>
      <TypedAgain label={words.typeName(volume.name)} value={typed} onChange={setTyped} />
    </DangerDialog>
  );
}
