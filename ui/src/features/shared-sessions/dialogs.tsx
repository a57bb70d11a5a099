import { useState } from "react";
import { useOrder } from "@/app/order";
import { Button, DangerDialog, Dialog, ErrorBox, Field, Input } from "@/components";
import { type SessionProgram, type SharedSession, sharedSessionEnd, type WorkspaceRef } from "@/ipc";
import { messages } from "@/messages";

const words = messages.sharedSessions;

/** Asks for a name, and begins the session. */
export function BeginDialog({
  program,
  taken,
  onBegin,
  onClose,
}: {
  program: SessionProgram;
  taken: readonly string[];
  onBegin: (name: string) => Promise<void>;
  onClose: () => void;
}) {
  const [name, setName] = useState(() => freeName(taken));
  const { failure, isBusy, send } = useOrder(onClose);
  const isField = failure?.field === "name";
  const canSend = name.trim() !== "" && !isBusy;
  return (
    <Dialog
      title={words.dialog.title}
      lead={words.dialog.lead(program)}
      onClose={onClose}
      width={420}
      onSubmit={() => canSend && send(onBegin(name.trim()))}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={!canSend}>
            {words.dialog.submit}
          </Button>
        </>
      }
    >
      {failure && !isField && <ErrorBox failure={failure} className="mb-3" />}
      <Field
        label={words.dialog.name}
        help={words.dialog.help}
        error={isField ? messages.sentence(failure.message) : null}
        required
      >
        {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
    </Dialog>
  );
}

/** "pair", or the first "pair-2", "pair-3", … that nobody uses. */
export function freeName(taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? "pair" : `pair-${number}`;
    if (!taken.includes(name)) return name;
  }
}

/** Asks before a session is ended for everybody. */
export function EndDialog({
  workspace,
  session,
  onClose,
  onEnded,
}: {
  workspace: WorkspaceRef;
  session: SharedSession;
  onClose: () => void;
  onEnded: () => Promise<void>;
}) {
  const { failure, isBusy, send } = useOrder(onClose);
  const { name, program, attached } = session;
  const end = async () => {
    await sharedSessionEnd({ workspace, name, program });
    void onEnded();
  };
  return (
    <DangerDialog
      title={words.ending.title(name)}
      lead={words.ending.lead(attached.length)}
      width={440}
      submit={words.ending.submit}
      canSubmit={!isBusy}
      failure={failure}
      onSubmit={() => send(end())}
      onClose={onClose}
    />
  );
}
