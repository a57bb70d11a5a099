import { useState } from "react";
import { useCore } from "@/app/store";
import { DangerDialog, TypedAgain } from "@/components";
import { type AppError, appReset, toFailure } from "@/ipc";
import { messages } from "@/messages";

const words = messages.reset;

/** Everything goes: it has to be confirmed by typing a word. The page is loaded anew afterwards. */
export function ResetDialog({ onClose }: { onClose: () => void }) {
  const connections = useCore((state) => state.connections);
  const [typed, setTyped] = useState("");
  const [isSending, setSending] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
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
    <DangerDialog
      title={words.title}
      lead={words.lead}
      width={520}
      submit={words.submit}
      canSubmit={canSend}
      failure={failure}
      onSubmit={send}
      onClose={onClose}
    >
      <div>
        <p className="mb-1 text-fg-2">{words.goes}</p>
        <ul className="flex list-disc flex-col gap-0.5 pl-5">
          {connections.length > 0 && (
            <li>
              {words.connections(connections.length)}: <span className="text-fg-2">{names}</span>
            </li>
          )}
          <li>{words.hostKeys}</li>
          <li>{words.runs}</li>
          <li>{words.settings}</li>
        </ul>
      </div>
      <p className="text-fg-2">{words.backup}</p>
      <TypedAgain label={words.type(words.word)} value={typed} onChange={setTyped} />
    </DangerDialog>
  );
}
