import { Check, FileKey } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { closeDialog, type OpenDialog } from "@/app/dialogs";
import { showToast } from "@/app/toasts";
import { Button, Dialog, ErrorBox } from "@/components";
import { type Failure, type SshConfigView, sshConfigGet, sshConfigInclude, toFailure } from "@/ipc";
import { messages } from "@/messages";
import { openIn } from "./open";

const words = messages.openIn.consent;

/** Shows the one line before it is added to the person's SSH config, and asks. */
export function SshConfigDialog({ next }: { next: Extract<OpenDialog, { dialog: "ssh-config" }>["next"] }) {
  const [config, setConfig] = useState<SshConfigView | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isSending, setSending] = useState(false);
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    sshConfigGet().then(setConfig, (thrown: unknown) => setFailure(toFailure(thrown)));
  }, []);
  const add = async () => {
    setSending(true);
    setFailure(null);
    try {
      await sshConfigInclude();
      closeDialog();
      if (next) void openIn(next.workspace, next.name, next.editor);
      else showToast({ tone: "ok", text: words.added, expiresMs: 5000 });
    } catch (thrown) {
      setFailure(toFailure(thrown));
      setSending(false);
    }
  };
  return (
    <Dialog
      title={words.title}
      lead={words.lead}
      icon={<FileKey className="mt-0.5 text-fg-2" />}
      onClose={closeDialog}
      width={580}
      initialFocus={cancel}
      footer={
        <>
          <Button ref={cancel} onClick={closeDialog}>
            {messages.cancel}
          </Button>
          <Button tone="main" disabled={!config || isSending} onClick={() => void add()}>
            {next ? words.addAndOpen(next.editor) : words.add}
          </Button>
        </>
      }
    >
      {failure && <ErrorBox failure={failure} className="mb-3" />}
      {!config && !failure && <p className="appear-late text-fg-3">{words.looking}</p>}
      {config && (
        <div className="flex flex-col gap-3">
          <div>
            <p className="mb-1.5 text-fg-3">{words.line(config.user_file)}</p>
            <pre
              // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
              tabIndex={0}
              role="document"
              aria-label={words.line(config.user_file)}
              className="overflow-x-auto rounded-card border bg-side px-3 py-2.5 font-mono"
            >
              <span aria-hidden="true" className="mr-2 text-ok select-none">
                +
              </span>
              {config.line}
            </pre>
          </div>
          <ul className="flex flex-col gap-1.5">
            {words.gains.map((gain) => (
              <li key={gain} className="flex gap-2 text-fg-2">
                <Check className="mt-0.5 size-3.5! shrink-0 text-ok" />
                {gain}
              </li>
            ))}
          </ul>
          <p className="break-words text-fg-3">{words.backup(config.backup_file)}</p>
        </div>
      )}
    </Dialog>
  );
}
