/* What went wrong in a stage: the next step, lines to copy, evidence, and a button for each fix. */
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button, useCopied } from "@/components";
import type { Fix, Stage } from "@/ipc";
import { messages } from "@/messages";
import type { CopyKeyFix } from "./CopyKey";

const words = messages.doctor;

export interface FixActions {
  onAsk: () => void;
  onEdit?: ((field: string) => void) | undefined;
  onSetUp?: (() => void) | undefined;
  /** What the button for the set-up says. */
  setUpLabel?: string;
  onImage?: (() => void) | undefined;
  imageLabel?: string;
  onCopyKey?: (fix: CopyKeyFix) => void;
}

export function FixBox({ stage, actions }: { stage: Stage; actions: FixActions }) {
  const [showsEvidence, setShowsEvidence] = useState(false);
  const { failure, fixes } = stage;
  const buttons = fixes.flatMap((fix) => buttonOf(fix, actions) ?? []);
  const lines = fixes.filter((fix) => fix.fix === "command" || fix.fix === "public_key");
  if (!failure?.hint && !failure?.detail && fixes.length === 0) return null;
  return (
    <div className="mt-2 flex flex-col gap-2.5 rounded-card border bg-raise p-3">
      {failure?.hint && <p>{messages.sentence(failure.hint)}</p>}
      {(buttons.length > 0 || failure?.detail) && (
        <div className="flex flex-wrap gap-2">
          {buttons.map(({ label, run }, index) => (
            <Button
              key={label}
              tone={index === 0 && stage.status === "failed" ? "main" : "default"}
              onClick={run}
            >
              {label}
            </Button>
          ))}
          {failure?.detail && (
            <Button
              tone="quiet"
              aria-expanded={showsEvidence}
              onClick={() => setShowsEvidence(!showsEvidence)}
            >
              {showsEvidence ? words.hideEvidence : words.evidence}
            </Button>
          )}
        </div>
      )}
      {lines.map((fix) => (
        <CopyLine
          key={fix.line}
          line={fix.line}
          place={fix.fix === "command" ? fix.place : words.publicKey}
        />
      ))}
      {showsEvidence && failure?.detail && (
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
          tabIndex={0}
          aria-label={words.evidenceOf(stage.title)}
          className="max-h-50 overflow-auto rounded-control border bg-panel px-2.5 py-2 text-fg-2"
        >
          <pre className="whitespace-pre-wrap wrap-anywhere">{failure.detail}</pre>
        </section>
      )}
    </div>
  );
}

function CopyLine({ line, place }: { line: string; place: string }) {
  const [copied, copy] = useCopied();
  return (
    <div className="flex flex-col gap-1">
      <span className="text-fg-3 text-small first-letter:uppercase">{place}</span>
      <button
        type="button"
        title={messages.copy.hint(line)}
        aria-label={messages.copy.hint(line)}
        onClick={() => copy(line)}
        className="eased flex h-8 items-center gap-2 rounded-control border bg-panel px-2.5 text-left hover:bg-hover"
      >
        <code className="min-w-0 grow truncate">{line}</code>
        {copied ? <Check className="size-3.5! text-ok" /> : <Copy className="size-3.5! text-fg-3" />}
      </button>
    </div>
  );
}

function buttonOf(fix: Fix, actions: FixActions): { label: string; run: () => void } | null {
  const { onAsk, onEdit, onSetUp, onImage, onCopyKey, setUpLabel, imageLabel } = actions;
  switch (fix.fix) {
    case "compare_host_key":
      return { label: words.fixes.compare, run: onAsk };
    case "compare_certificate":
      return { label: words.fixes.compareCertificate, run: onAsk };
    case "ask_credentials":
      return { label: words.fixes.ask, run: onAsk };
    case "edit_field":
      return onEdit ? { label: words.fixes.edit(fix.field), run: () => onEdit(fix.field) } : null;
    case "set_up_server":
      return onSetUp ? { label: setUpLabel ?? words.fixes.setUp, run: onSetUp } : null;
    case "choose_image":
      return onImage ? { label: imageLabel ?? words.fixes.image, run: onImage } : null;
    case "copy_key":
      return onCopyKey ? { label: words.fixes.copyKey, run: () => onCopyKey(fix) } : null;
    case "command":
    case "public_key":
      return null;
  }
}
