import { useRef, useState } from "react";
import { useWorkspace } from "@/app/store";
import { Button, Dialog, ErrorBox, Field, Input } from "@/components";
import { type WorkspaceRef, workspaceRename } from "@/ipc";
import { messages } from "@/messages";
import { useSubmit } from "./useSubmit";

const words = messages.workspaces.rename;

/** Asks for the new name; what the server says against it stands at the field. */
export function RenameDialog({ workspace, onClose }: { workspace: WorkspaceRef; onClose: () => void }) {
  const before = useWorkspace(workspace)?.workspace.name ?? "";
  const [name, setName] = useState(before);
  const input = useRef<HTMLInputElement>(null);
  const { isBusy, failure, forget, send } = useSubmit(onClose);
  const isField = failure?.field === "name" || failure?.code === "invalid" || failure?.code === "conflict";
  const error =
    failure && isField
      ? [failure.message, failure.hint]
          .filter(Boolean)
          .map((text) => messages.sentence(text ?? ""))
          .join(" ")
      : null;
  const canSend = name.trim() !== "" && name.trim() !== before && !isBusy;
  return (
    <Dialog
      title={words.title(before)}
      onClose={onClose}
      initialFocus={input}
      width={420}
      onSubmit={() => canSend && send(workspaceRename({ workspace, name: name.trim() }))}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={!canSend}>
            {words.submit}
          </Button>
        </>
      }
    >
      {failure && !isField && <ErrorBox failure={failure} className="mb-3" />}
      <Field label={words.label} help={words.help} error={error} required>
        {(control) => (
          <Input
            {...control}
            ref={input}
            value={name}
            onChange={(event) => {
              forget();
              setName(event.target.value);
            }}
          />
        )}
      </Field>
    </Dialog>
  );
}
