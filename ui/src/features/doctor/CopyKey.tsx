/* Copying a public key to a server that knows only the password yet: what goes where, then how it went. */
import { Check, KeyRound, LoaderCircle } from "lucide-react";
import { useRef, useState } from "react";
import { Button, Dialog, ErrorBox } from "@/components";
import { type AppError, type DiagnosedHop, doctorCopyKey, type Fix, type KeyCopied, toFailure } from "@/ipc";
import { messages } from "@/messages";
import type { ConnectionTest } from "./useTest";

const words = messages.doctor.copyKey;

export type CopyKeyFix = Extract<Fix, { fix: "copy_key" }>;

export interface KeyCopying {
  /** What the person is asked to agree to. */
  asked: CopyKeyFix | null;
  ask: (fix: CopyKeyFix | null) => void;
  /** The machine it is being copied to. */
  busyWith: string | null;
  copied: KeyCopied | null;
  failure: AppError | null;
  copy: (fix: CopyKeyFix, server: string) => void;
}

/** Copies after consent; the test is made again afterwards. */
export function useKeyCopying(test: ConnectionTest): KeyCopying {
  const [asked, ask] = useState<CopyKeyFix | null>(null);
  const [busyWith, setBusyWith] = useState<string | null>(null);
  const [copied, setCopied] = useState<KeyCopied | null>(null);
  const [failure, setFailure] = useState<AppError | null>(null);
  const copy = async ({ hop, line }: CopyKeyFix, server: string) => {
    const subject = test.subject();
    if (!subject) return;
    ask(null);
    setBusyWith(server);
    setCopied(null);
    setFailure(null);
    try {
      setCopied(await doctorCopyKey({ subject, hop, line, agreed: true }));
      test.again();
    } catch (thrown) {
      const failure = toFailure(thrown);
      // Whoever declines the password knows it.
      if (failure.code !== "cancelled") setFailure(failure);
    } finally {
      setBusyWith(null);
    }
  };
  return { asked, ask, busyWith, copied, failure, copy: (fix, server) => void copy(fix, server) };
}

interface CopyKeyDialogProps {
  fix: CopyKeyFix;
  hop: DiagnosedHop | undefined;
  onClose: () => void;
  onCopy: (server: string) => void;
}

/** Shows which line goes into which file on which server. */
export function CopyKeyDialog({ fix, hop, onClose, onCopy }: CopyKeyDialogProps) {
  const server = hop?.name ?? "";
  const cancel = useRef<HTMLButtonElement>(null);
  const [address] = hop?.addresses ?? [];
  const login = `${hop?.user ?? ""}@${address?.host ?? server}`;
  return (
    <Dialog
      title={words.title(server)}
      lead={words.lead}
      icon={
        <span className="flex size-8 shrink-0 items-center justify-center rounded-card bg-selected text-accent">
          <KeyRound />
        </span>
      }
      onClose={onClose}
      initialFocus={cancel}
      width={560}
      onSubmit={() => onCopy(server)}
      footer={
        <>
          <Button ref={cancel} onClick={onClose}>
            {messages.cancel}
          </Button>
          <Button tone="main" type="submit">
            {words.submit}
          </Button>
        </>
      }
    >
      <dl className="flex flex-col gap-3">
        <Fact name={words.line} value={fix.line} />
        <Fact name={words.file} value={fix.file} />
        <Fact
          name={words.server}
          value={address && address.port !== 22 ? `${login}:${address.port}` : login}
        />
      </dl>
      <p className="mt-3 text-fg-2">{words.password(hop?.user ?? "")}</p>
    </Dialog>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex flex-col gap-1">
      <dt className="text-fg-2">{name}</dt>
      <dd className="wrap-anywhere rounded-control border bg-panel px-2.5 py-1.5 font-mono text-small">
        {value}
      </dd>
    </div>
  );
}

/** How the copying goes or went. */
export function CopyKeyState({ copying, isRunning }: { copying: KeyCopying; isRunning: boolean }) {
  const { busyWith, copied, failure } = copying;
  if (failure) return <ErrorBox failure={failure} />;
  if (busyWith !== null)
    return (
      <p role="status" className="flex items-center gap-2 text-fg-2">
        <LoaderCircle className="animate-spin" />
        {words.copying(busyWith)}
      </p>
    );
  if (!copied || isRunning) return null;
  return (
    <p role="status" className="flex items-center gap-2 text-fg-2">
      <Check className="text-ok" />
      {copied.is_new ? words.done(copied.server, copied.file) : words.same(copied.server, copied.file)}
    </p>
  );
}
