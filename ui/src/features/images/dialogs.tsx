/* Pulling, naming and removing one image. */
import { type RefObject, useRef, useState } from "react";
import { Button, Dialog, ErrorBox, Field, Input } from "@/components";
import { type ConnectionId, type Image, type ImageId, imagePull, imageRemove, imageTag } from "@/ipc";
import { messages } from "@/messages";
import { labelOf } from "./list";
import { NoServer } from "./NoServer";
import { ServerField, useImageServers } from "./ServerField";
import { useBegin } from "./useBegin";

const words = messages.images;

/** An error that names the field belongs to it, any other to the dialog. */
const ofField = (failure: { field: string | null } | null) => failure?.field === "name";

export function PullDialog({
  connectionId,
  onClose,
}: {
  connectionId?: ConnectionId | undefined;
  onClose: () => void;
}) {
  const servers = useImageServers();
  const [chosen, setChosen] = useState(connectionId);
  const [name, setName] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const { isBusy, failure, begin, forget } = useBegin(onClose, { shows: true });
  const server = servers.find(({ connection }) => connection.id === chosen) ?? servers[0];
  if (!server) return <NoServer title={words.pullForm.title} onClose={onClose} />;
  const canSend = name.trim() !== "" && !isBusy;
  return (
    <Dialog
      title={words.pullForm.title}
      lead={words.pullForm.lead}
      initialFocus={input}
      onClose={onClose}
      onSubmit={() => canSend && begin(imagePull({ connection_id: server.connection.id, name: name.trim() }))}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={!canSend}>
            {words.pullForm.submit}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {failure && !ofField(failure) && <ErrorBox failure={failure} />}
        {servers.length > 1 && (
          <ServerField servers={servers} value={server.connection.id} onChange={setChosen} />
        )}
        <NameField
          ref={input}
          label={words.form.name}
          help={words.pullForm.help}
          placeholder="debian:12"
          value={name}
          failure={failure}
          onChange={(next) => {
            setName(next);
            forget();
          }}
        />
      </div>
    </Dialog>
  );
}

interface NameFieldProps {
  ref?: RefObject<HTMLInputElement | null>;
  label: string;
  help?: string | undefined;
  placeholder: string;
  value: string;
  failure: ReturnType<typeof useBegin>["failure"];
  onChange: (value: string) => void;
}

function NameField({ ref, label, help, placeholder, value, failure, onChange }: NameFieldProps) {
  const error = failure && ofField(failure) ? messages.sentence(failure.message) : null;
  const hint = error && failure?.hint ? ` ${failure.hint}` : "";
  return (
    <Field label={label} help={help} error={error && error + hint} required>
      {(control) => (
        <Input
          {...control}
          {...(ref ? { ref } : {})}
          mono
          value={value}
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

interface TagDialogProps {
  connectionId: ConnectionId;
  imageId: ImageId;
  label: string;
  onClose: () => void;
}

export function TagDialog({ connectionId, imageId, label, onClose }: TagDialogProps) {
  const [name, setName] = useState("");
  const { isBusy, failure, begin, forget } = useBegin(onClose, { shows: false });
  const canSend = name.trim() !== "" && !isBusy;
  return (
    <Dialog
      title={words.tag.title(label)}
      lead={words.tag.lead}
      onClose={onClose}
      onSubmit={() =>
        canSend && begin(imageTag({ connection_id: connectionId, image_id: imageId, name: name.trim() }))
      }
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={!canSend}>
            {words.tag.submit}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {failure && !ofField(failure) && <ErrorBox failure={failure} />}
        <NameField
          label={words.tag.label}
          help={words.form.nameHelp}
          placeholder="dev:2"
          value={name}
          failure={failure}
          onChange={(next) => {
            setName(next);
            forget();
          }}
        />
      </div>
    </Dialog>
  );
}

interface RemoveImageDialogProps {
  connectionId: ConnectionId;
  server: string;
  image: Image;
  onClose: () => void;
}

export function RemoveImageDialog({ connectionId, server, image, onClose }: RemoveImageDialogProps) {
  const label = labelOf(image);
  const keep = useRef<HTMLButtonElement>(null);
  const { isBusy, failure, begin } = useBegin(onClose, { shows: false });
  return (
    <Dialog
      title={words.remove.title(label, server)}
      lead={words.remove.lead}
      initialFocus={keep}
      onClose={onClose}
      footer={
        <>
          <Button ref={keep} onClick={onClose}>
            {messages.cancel}
          </Button>
          <Button
            tone="danger-main"
            disabled={isBusy}
            onClick={() => begin(imageRemove({ connection_id: connectionId, image_id: image.id, label }))}
          >
            {words.remove.submit}
          </Button>
        </>
      }
    >
      {failure && <ErrorBox failure={failure} className="mb-3" />}
      {image.names.length > 1 && (
        <>
          <p className="text-fg-2">{words.remove.names}</p>
          <ul className="mt-1 font-mono">
            {image.names.map((name) => (
              <li key={name} className="wrap-anywhere">
                {name}
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}
