import { TriangleAlert } from "lucide-react";
import { useRef, useState } from "react";
import { useCore } from "@/app/store";
import { Button, Dialog, ErrorBox, Field, Input } from "@/components";
import { type AppError, appReset, toFailure } from "@/ipc";
import { messages } from "@/messages";

const words = messages.reset;

/** Everything goes: it has to be confirmed by typing a word. The page is loaded anew afterwards. */
export function ResetDialog({ onClose }: { onClose: () => void }) {
  const connections = useCore((state) => state.connections);
  const [typed, setTyped] = useState("");
  const [isSending, setSending] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const canSend = typed.trim().toLowerCase() === words.word && !isSending;
  const send = () => {
    setSending(true);
    appReset().then(
      () => location.reload(),
      (thrown) => {
        setSending(false);
        setFailure(toFailure(thrown));
      },
    );
  };
  const names = connections.map(({ connection }) => connection.name).join(", ");
  return (
    <Dialog
      title={words.title}
      lead={words.lead}
      icon={
        <span className="flex size-8 shrink-0 items-center justify-center rounded-card bg-err-soft text-err">
          <TriangleAlert />
        </span>
      }
      onClose={onClose}
      initialFocus={cancel}
      width={520}
      onSubmit={() => canSend && send()}
      footer={
        <>
          <Button ref={cancel} onClick={onClose}>
            {messages.cancel}
          </Button>
          <Button tone="danger-main" type="submit" disabled={!canSend}>
            {words.submit}
          </Button>
        </>
      }
    >
      {failure && <ErrorBox failure={failure} className="mb-3" />}
      <p className="mb-1 text-fg-2">{words.goes}</p>
      <ul className="mb-3 flex list-disc flex-col gap-0.5 pl-5">
        {connections.length > 0 && (
          <li>
            {words.connections(connections.length)}: <span className="text-fg-2">{names}</span>
          </li>
        )}
        <li>{words.hostKeys}</li>
        <li>{words.runs}</li>
        <li>{words.settings}</li>
      </ul>
      <p className="mb-3 text-fg-2">{words.backup}</p>
      <Field label={words.type(words.word)}>
        {(control) => (
          <Input {...control} mono value={typed} onChange={(event) => setTyped(event.target.value)} />
        )}
      </Field>
    </Dialog>
  );
}
