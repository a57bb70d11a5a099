import { useState } from "react";
import { Button, Card, Field, PathInput } from "@/components";
import type { WorkspaceRef } from "@/ipc";
import { messages } from "@/messages";
import { tieTo } from "./operations";

const words = messages.git.tie;

/** Chooses the folder of this computer that a workspace belongs to. */
export function TieCard({
  workspace,
  name,
  isBusy,
  isAgain = false,
}: {
  workspace: WorkspaceRef;
  name: string;
  isBusy: boolean;
  /** It is tied already, to a folder that cannot be used. */
  isAgain?: boolean;
}) {
  const [folder, setFolder] = useState("");
  const canSend = folder.trim() !== "" && !isBusy;
  const send = () => {
    if (canSend) void tieTo(workspace, folder.trim());
  };
  return (
    <Card title={isAgain ? words.change : words.title} className="max-w-160">
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <p className="text-fg-2">{words.text(name)}</p>
        <div className="flex items-end gap-2">
          <Field label={words.label} className="grow" required>
            {(control) => (
              <PathInput
                {...control}
                kind="folder"
                title={words.picker}
                value={folder}
                onChange={setFolder}
              />
            )}
          </Field>
          <Button tone="main" type="submit" disabled={!canSend}>
            {words.submit}
          </Button>
        </div>
      </form>
    </Card>
  );
}
