/* Pulling, naming and removing one image. */
import { type ReactNode, useRef, useState } from "react";
import { Button, DangerDialog, Dialog, ErrorBox, Field, Input } from "@/components";
import {
  type ConnectionId,
  type Image,
  type ImageId,
  imagePull,
  imageRemove,
  imageTag,
  type RunStarted,
} from "@/ipc";
import { messages } from "@/messages";
import { labelOf } from "./list";
import { NoServer } from "./NoServer";
import { ServerField, useImageTarget } from "./ServerField";
import { useBegin } from "./useBegin";

const words = messages.images;

export function PullDialog({
  connectionId,
  onClose,
}: {
  connectionId?: ConnectionId | undefined;
  onClose: () => void;
}) {
  const target = useImageTarget(connectionId);
  const { target: server, isThere } = target;
  if (!server) return <NoServer title={words.pullForm.title} onClose={onClose} />;
  return (
    <NameDialog
      words={{ ...words.pullForm, label: words.form.name }}
      placeholder="debian:12"
      shows
      canAsk={isThere}
      ask={(name) => imagePull({ connection_id: server.connection.id, name })}
      onClose={onClose}
    >
      <ServerField {...target} />
    </NameDialog>
  );
}

interface TagDialogProps {
  connectionId: ConnectionId;
  imageId: ImageId;
  label: string;
  onClose: () => void;
}

export function TagDialog({ connectionId, imageId, label, onClose }: TagDialogProps) {
  return (
    <NameDialog
      words={{ ...words.tag, title: words.tag.title(label), help: words.form.nameHelp }}
      placeholder="dev:2"
      ask={(name) => imageTag({ connection_id: connectionId, image_id: imageId, name })}
      onClose={onClose}
    />
  );
}

interface NameDialogProps {
  words: Record<"title" | "lead" | "label" | "help" | "submit", string>;
  placeholder: string;
  /** Leads to the run once it has begun. */
  shows?: boolean;
  /** False while the server is not there. */
  canAsk?: boolean;
  ask: (name: string) => Promise<RunStarted>;
  onClose: () => void;
  /** Fields above the name. */
  children?: ReactNode;
}

/** Asks for the name of an image, and begins what was asked for. */
function NameDialog({
  words,
  placeholder,
  shows = false,
  canAsk = true,
  ask,
  onClose,
  children,
}: NameDialogProps) {
  const [name, setName] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const { isBusy, failure, send, forget } = useBegin(onClose, { shows });
  const canSend = name.trim() !== "" && canAsk && !isBusy;
  // An error that names the field belongs to it, any other to the dialog.
  const isOfField = failure?.field === "name";
  return (
    <Dialog
      title={words.title}
      lead={words.lead}
      initialFocus={input}
      onClose={onClose}
      onSubmit={() => canSend && send(ask(name.trim()))}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={!canSend}>
            {words.submit}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {failure && !isOfField && <ErrorBox failure={failure} />}
        {children}
        <Field
          label={words.label}
          help={words.help}
          error={
            isOfField ? [messages.sentence(failure.message), failure.hint].filter(Boolean).join(" ") : null
          }
          required
        >
          {(control) => (
            <Input
              {...control}
              ref={input}
              mono
              value={name}
              placeholder={placeholder}
              onChange={(event) => {
                setName(event.target.value);
                forget();
              }}
            />
          )}
        </Field>
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
  const { isBusy, failure, send } = useBegin(onClose, { shows: false });
  return (
    <DangerDialog
      title={words.remove.title(label, server)}
      lead={words.remove.lead}
      submit={words.remove.submit}
      canSubmit={!isBusy}
      failure={failure}
      onSubmit={() => send(imageRemove({ connection_id: connectionId, image_id: image.id, label }))}
      onClose={onClose}
    >
      {image.names.length > 1 && (
        <div>
          <p className="text-fg-2">{words.remove.names}</p>
          <ul className="mt-1 font-mono">
            {image.names.map((name) => (
              <li key={name} className="wrap-anywhere">
                {name}
              </li>
            ))}
          </ul>
        </div>
      )}
    </DangerDialog>
  );
}
