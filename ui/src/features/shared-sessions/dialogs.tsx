import { TriangleAlert } from "lucide-react";
import { useRef, useState } from "react";
import { Button, Dialog, ErrorBox, Field, Input } from "@/components";
import {
  type Failure,
  type SessionProgram,
  type SharedSession,
  sharedSessionEnd,
  toFailure,
  type WorkspaceRef,
} from "@/ipc";
import { messages } from "@/messages";

const words = messages.sharedSessions;

/** Does something once; closes when it was done, shows why not otherwise. */
function useOnce(onClose: () => void) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isSending, setSending] = useState(false);
  const send = async (work: () => Promise<unknown>) => {
    setSending(true);
    setFailure(null);
    try {
      await work();
      onClose();
    } catch (thrown) {
      setFailure(toFailure(thrown));
      setSending(false);
    }
  };
  return { failure, isSending, send };
}

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
  const { failure, isSending, send } = useOnce(onClose);
  const isField = failure?.field === "name";
  const canSend = name.trim() !== "" && !isSending;
  return (
    <Dialog
      title={words.dialog.title}
      lead={words.dialog.lead(program)}
      onClose={onClose}
      width={420}
      onSubmit={() => canSend && void send(() => onBegin(name.trim()))}
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
  const cancel = useRef<HTMLButtonElement>(null);
  const { failure, isSending, send } = useOnce(onClose);
  const { name, program, attached } = session;
  const end = async () => {
    await sharedSessionEnd({ workspace, name, program });
    void onEnded();
  };
  return (
    <Dialog
      title={words.ending.title(name)}
      lead={words.ending.lead(attached.length)}
      icon={
        <span className="flex size-8 shrink-0 items-center justify-center rounded-card bg-err-soft text-err">
          <TriangleAlert />
        </span>
      }
      onClose={onClose}
      initialFocus={cancel}
      width={440}
      footer={
        <>
          <Button ref={cancel} onClick={onClose}>
            {messages.cancel}
          </Button>
          <Button tone="danger-main" disabled={isSending} onClick={() => void send(end)}>
            {words.ending.submit}
          </Button>
        </>
      }
    >
      {failure && <ErrorBox failure={failure} />}
    </Dialog>
  );
}
