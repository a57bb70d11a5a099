import { ImagePlus, X } from "lucide-react";
import { type ClipboardEvent, useEffect, useRef, useState } from "react";
import { MOST_BYTES, pastedImage, sayPasted, sendPaste, tooLarge } from "@/app/paste";
import { useWorkspace } from "@/app/store";
import { Button, Dialog, ErrorBox, formatBytes, IconButton } from "@/components";
import { type Failure, toFailure, type WorkspaceRef } from "@/ipc";
import { messages } from "@/messages";

const words = messages.paste.dialog;

/** Takes what is pasted, typed or chosen, shows it, and makes a file of it in the workspace. */
export function PasteIntoDialog({ workspace, onClose }: { workspace: WorkspaceRef; onClose: () => void }) {
  const name = useWorkspace(workspace)?.workspace.name ?? "";
  const [text, setText] = useState("");
  const [image, setImage] = useState<File | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isSending, setSending] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const kind = image ? "image" : "text";
  const data = image ?? new Blob([text]);
  const refused = tooLarge(kind, data);
  const canSend = data.size > 0 && !refused && !isSending && name !== "";
  const submit = async () => {
    if (!canSend) return;
    setSending(true);
    setFailure(null);
    try {
      const { path } = await sendPaste(workspace, kind, data);
      // The clipboard may be refused to a page; the notice then still shows the path.
      await navigator.clipboard.writeText(path).catch(() => {});
      sayPasted(undefined, name, path);
      onClose();
    } catch (thrown) {
      setFailure(toFailure(thrown));
      setSending(false);
    }
  };
  const onPaste = async (event: ClipboardEvent) => {
    if (event.clipboardData.getData("text/plain") !== "") return;
    event.preventDefault();
    setImage(await pastedImage(event.clipboardData));
  };
  return (
    <Dialog
      title={words.title(name)}
      lead={words.lead}
      onClose={onClose}
      initialFocus={field}
      width={560}
      onSubmit={() => void submit()}
      footerStart={<Choose onChoose={setImage} />}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={!canSend}>
            {words.submit}
          </Button>
        </>
      }
    >
      {(failure ?? refused) && <ErrorBox failure={(failure ?? refused) as Failure} className="mb-3" />}
      {image ? (
        <Preview image={image} onDrop={() => setImage(null)} />
      ) : (
        <textarea
          ref={field}
          aria-label={words.field}
          placeholder={words.placeholder}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onPaste={(event) => void onPaste(event)}
          spellCheck={false}
          className="block h-44 w-full resize-none rounded-card border bg-side p-3 font-mono outline-none placeholder:text-fg-3 focus-visible:border-accent"
        />
      )}
      <p className="mt-2 flex justify-between text-fg-3">
        <span>{words.limit(formatBytes(MOST_BYTES[kind]))}</span>
        {data.size > 0 && <span>{formatBytes(data.size)}</span>}
      </p>
    </Dialog>
  );
}

function Preview({ image, onDrop }: { image: File; onDrop: () => void }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(image);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [image]);
  return (
    <div className="relative flex h-44 items-center justify-center rounded-card border bg-side p-2">
      {url && <img src={url} alt={words.preview} className="max-h-full max-w-full object-contain" />}
      <span className="absolute top-1.5 right-1.5">
        <IconButton label={words.drop} icon={<X />} onClick={onDrop} />
      </span>
    </div>
  );
}

/** For clipboards that give a page no images. */
function Choose({ onChoose }: { onChoose: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="image/png,image/jpeg,image/gif,image/webp,image/bmp"
        className="hidden"
        aria-hidden="true"
        tabIndex={-1}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) onChoose(file);
        }}
      />
      <Button icon={<ImagePlus />} onClick={() => input.current?.click()}>
        {words.choose}
      </Button>
    </>
  );
}
