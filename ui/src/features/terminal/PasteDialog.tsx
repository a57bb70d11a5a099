import { useRef } from "react";
import { Button, Dialog } from "@/components";
import { messages } from "@/messages";
import { lineCount } from "./paste";

const words = messages.terminal.pasteLines;

/** Asks before several lines are entered one after the other. */
export function PasteDialog({
  text,
  onPaste,
  onClose,
}: {
  text: string;
  onPaste: () => void;
  onClose: () => void;
}) {
  const cancel = useRef<HTMLButtonElement>(null);
  const lines = lineCount(text);
  return (
    <Dialog
      title={words.title(lines)}
      lead={words.lead}
      initialFocus={cancel}
      onClose={onClose}
      width={560}
      footer={
        <>
          <Button ref={cancel} onClick={onClose}>
            {messages.cancel}
          </Button>
          <Button tone="main" onClick={onPaste}>
            {words.paste(lines)}
          </Button>
        </>
      }
    >
      <pre
        role="document"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
        tabIndex={0}
        aria-label={words.text}
        className="max-h-60 overflow-auto rounded-card border bg-side p-3"
      >
        {text}
      </pre>
    </Dialog>
  );
}
