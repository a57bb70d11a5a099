/* A host key that cannot be used without a person. The safe answer has the focus. */
import { KeyRound, ShieldAlert, ShieldX } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, CopyText, cx, Dialog, Field, Input } from "@/components";
import type { Answer, HostKey, HostKeyQuestion, HostKeyVerdict } from "@/ipc";
import { messages } from "@/messages";

const words = messages.questions.hostKey;

interface Props {
  subject: string;
  question: HostKeyQuestion;
  onAnswer: (answer: Answer) => void;
  onLater: () => void;
}

export function HostKeyDialog({ subject, question, onAnswer, onLater }: Props) {
  const { verdict, address, shown } = question;
  const disconnect = useRef<HTMLButtonElement>(null);
  const [isReplacing, setReplacing] = useState(false);
  const [explains, setExplains] = useState(false);
  const [typed, setTyped] = useState("");
  const refuse = () => onAnswer({ answer: "refuse" });
  const canReplace = typed === address.host;
  return (
    <Dialog
      title={titleOf(verdict, subject)}
      lead={leadOf(verdict)}
      icon={<VerdictIcon verdict={verdict} />}
      mustAnswer
      later={{ label: messages.questions.later, run: onLater }}
      onClose={refuse}
      initialFocus={disconnect}
      width={580}
      {...(isReplacing
        ? { onSubmit: () => canReplace && onAnswer({ answer: "replace_host_key", typed_host: typed }) }
        : {})}
      footerStart={
        <Button tone="quiet" aria-expanded={explains} onClick={() => setExplains(!explains)}>
          {words.how}
        </Button>
      }
      footer={
        <>
          {verdict === "unknown" && (
            <Button onClick={() => onAnswer({ answer: "trust_host_key" })}>{words.trust}</Button>
          )}
          {verdict === "changed" && !isReplacing && (
            <Button onClick={() => setReplacing(true)}>{words.replace}</Button>
          )}
          {verdict === "changed" && isReplacing && (
            <Button tone="danger" type="submit" disabled={!canReplace}>
              {words.replaceSubmit}
            </Button>
          )}
          <Button ref={disconnect} tone="main" onClick={refuse}>
            {words.disconnect}
          </Button>
        </>
      }
    >
      <Keys question={question} />
      {explains && <HowTo algorithm={shown.algorithm} />}
      {isReplacing && <ReplaceField host={address.host} typed={typed} onType={setTyped} />}
    </Dialog>
  );
}

const titleOf = (verdict: HostKeyVerdict, subject: string) =>
  ({ unknown: words.unknownTitle, changed: words.changedTitle, revoked: words.revokedTitle })[verdict](
    subject,
  );

const leadOf = (verdict: HostKeyVerdict) =>
  ({ unknown: words.unknownLead, changed: words.changedLead, revoked: words.revokedLead })[verdict];

function VerdictIcon({ verdict }: { verdict: HostKeyVerdict }) {
  const Icon = { unknown: KeyRound, changed: ShieldAlert, revoked: ShieldX }[verdict];
  return (
    <span
      className={cx(
        "flex size-8 shrink-0 items-center justify-center rounded-card",
        verdict === "unknown" ? "bg-accent-soft text-accent" : "bg-err-soft text-err",
      )}
    >
      <Icon />
    </span>
  );
}

/** What is known and what was shown, side by side; alone when nothing is known. */
function Keys({ question: { known, shown, address, verdict } }: { question: HostKeyQuestion }) {
  const where = `${address.host}:${address.port}`;
  return (
    <div className={cx("grid gap-3", known.length > 0 && "grid-cols-2")}>
      {known.map(({ key, file, line }) => (
        <KeyCard
          key={`${file}:${line}`}
          title={verdict === "revoked" ? words.revokedBy : words.known}
          remark={words.line(file, line)}
          hostKey={key}
        />
      ))}
      <KeyCard title={words.shown} remark={words.at(where)} hostKey={shown} isBad={verdict !== "unknown"} />
    </div>
  );
}

function KeyCard(props: { title: string; remark: string; hostKey: HostKey; isBad?: boolean }) {
  const { title, remark, hostKey, isBad } = props;
  return (
    <section aria-label={title} className="min-w-0 rounded-card border bg-panel px-3 py-2.5">
      <h3 className="font-[550]">{title}</h3>
      <p className="break-words text-fg-3">{remark}</p>
      <p className="mt-2 text-fg-2 text-small">{hostKey.algorithm.replace(/^ssh-/, "").toUpperCase()}</p>
      <p className={cx("break-all font-mono", isBad ? "text-err" : "text-fg")}>{hostKey.fingerprint}</p>
    </section>
  );
}

function HowTo({ algorithm }: { algorithm: string }) {
  const kind = algorithm
    .replace(/^ssh-/, "")
    .replace(/^ecdsa-.*/, "ecdsa")
    .replace(/^rsa-.*/, "rsa");
  return (
    <div className="mt-3">
      <p className="text-fg-2">{words.howText}</p>
      <CopyText text={`ssh-keygen -lf /etc/ssh/ssh_host_${kind}_key.pub`} className="mt-1" />
    </div>
  );
}

function ReplaceField({
  host,
  typed,
  onType,
}: {
  host: string;
  typed: string;
  onType: (typed: string) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <Field label={words.replaceTitle(host)} help={words.replaceHelp} className="mt-3.5">
      {(control) => (
        <Input {...control} ref={input} mono value={typed} onChange={(event) => onType(event.target.value)} />
      )}
    </Field>
  );
}
