/* A server's certificate that no authority vouches for. The safe answer has the focus. */
import { ShieldAlert, ShieldQuestion } from "lucide-react";
import { useRef, useState } from "react";
import { useNow } from "@/app/clock";
import { Button, CopyText, cx, Dialog, Fact, Facts, formatMoment } from "@/components";
import type { Answer, CertificateQuestion } from "@/ipc";
import { messages } from "@/messages";

const words = messages.questions.certificate;

interface Props {
  subject: string;
  question: CertificateQuestion;
  onAnswer: (answer: Answer) => void;
  onLater: () => void;
}

export function CertificateDialog({ subject, question, onAnswer, onLater }: Props) {
  const { verdict, known, server } = question;
  const isChanged = verdict === "changed";
  const refuseButton = useRef<HTMLButtonElement>(null);
  const [explains, setExplains] = useState(false);
  const refuse = () => onAnswer({ answer: "refuse" });
  const Icon = isChanged ? ShieldAlert : ShieldQuestion;
  return (
    <Dialog
      title={isChanged ? words.changedTitle(subject) : words.unknownTitle(subject)}
      lead={isChanged ? words.changedLead : words.unknownLead}
      icon={
        <span
          className={cx(
            "flex size-8 shrink-0 items-center justify-center rounded-card",
            isChanged ? "bg-err-soft text-err" : "bg-accent-soft text-accent",
          )}
        >
          <Icon />
        </span>
      }
      mustAnswer
      later={{ label: messages.questions.later, run: onLater }}
      onClose={refuse}
      initialFocus={refuseButton}
      width={580}
      footerStart={
        <Button tone="quiet" aria-expanded={explains} onClick={() => setExplains(!explains)}>
          {messages.questions.hostKey.how}
        </Button>
      }
      footer={
        <>
          <Button
            tone={isChanged ? "danger" : "default"}
            onClick={() => onAnswer({ answer: "trust_certificate" })}
          >
            {isChanged ? words.trustNew : words.trust}
          </Button>
          <Button ref={refuseButton} tone="main" onClick={refuse}>
            {words.refuse}
          </Button>
        </>
      }
    >
      <div className={cx("grid gap-3", known !== null && "grid-cols-2")}>
        {known !== null && (
          <FingerprintCard title={words.known} fingerprint={known} other={question.fingerprint} />
        )}
        <FingerprintCard
          title={words.shown}
          fingerprint={question.fingerprint}
          other={known}
          remark={words.at(server)}
          isBad={isChanged}
        />
      </div>
      <Details question={question} />
      {explains && <HowTo server={server} />}
    </Dialog>
  );
}

const LINE = 16;
const GROUP = 4;

/** In groups of four, as they are read aloud; those that differ from the other one stand out. */
function FingerprintCard(props: {
  title: string;
  fingerprint: string;
  other: string | null;
  remark?: string;
  isBad?: boolean;
}) {
  const { title, fingerprint, other, remark, isBad } = props;
  const lines = partsOf(fingerprint, LINE);
  return (
    <section aria-label={title} className="min-w-0 rounded-card border bg-panel px-3 py-2.5">
      <h3 className="font-[550]">{title}</h3>
      {remark && <p className="break-words text-fg-3">{remark}</p>}
      <p className="mt-2 text-fg-2 text-small">SHA-256</p>
      <p className="font-mono leading-5 wrap-anywhere" data-selectable>
        {lines.map((line, row) => (
          <span key={line} className="block">
            {partsOf(line, GROUP).map((group, at) => {
              const from = row * LINE + at * GROUP;
              const isSame = other === null || other.slice(from, from + GROUP) === group;
              return (
                <span
                  key={from}
                  className={cx(!isSame && (isBad ? "text-err" : "text-fg"), isSame && "text-fg-2")}
                >
                  {group}{" "}
                </span>
              );
            })}
          </span>
        ))}
      </p>
    </section>
  );
}

const partsOf = (text: string, size: number): string[] => text.match(new RegExp(`.{1,${size}}`, "g")) ?? [];

function Details({ question }: { question: CertificateQuestion }) {
  const now = useNow(60_000);
  const { subject, issuer, valid_until, reason } = question;
  return (
    <div className="mt-3">
      <Facts>
        <Fact name={words.why}>
          <span className="whitespace-normal">{messages.sentence(reason)}</span>
        </Fact>
        <Fact name={words.names}>{subject}</Fact>
        <Fact name={words.issuer}>{issuer === subject ? words.itself : issuer}</Fact>
        {valid_until !== null && (
          <Fact name={words.until}>
            <span className={valid_until < now ? "text-err" : undefined}>
              {formatMoment(valid_until, now)}
            </span>
          </Fact>
        )}
      </Facts>
    </div>
  );
}

function HowTo({ server }: { server: string }) {
  const { host, port } = placeOf(server);
  return (
    <div className="mt-3">
      <p className="text-fg-2">{words.howText}</p>
      <CopyText
        text={`openssl s_client -connect ${host}:${port} </dev/null | openssl x509 -noout -fingerprint -sha256`}
        className="mt-1 [&>span]:whitespace-normal [&>span]:wrap-anywhere"
      />
    </div>
  );
}

function placeOf(server: string): { host: string; port: string } {
  try {
    const { hostname, port } = new URL(server);
    return { host: hostname, port: port || "443" };
  } catch {
    return { host: server, port: "443" };
  }
}
