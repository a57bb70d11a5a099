import { Vault } from "lucide-react";
import { useRef, useState } from "react";
import { Button, Dialog, Field, Input } from "@/components";
import type { Answer, QuestionKind } from "@/ipc";
import { messages } from "@/messages";

const words = messages.questions.vault;
const SHORTEST = 8;

/** There is no keychain: makes the vault, or opens it. */
export function VaultDialog({
  question,
  onAnswer,
  onLater,
}: {
  question: Extract<QuestionKind, { kind: "vault_passphrase" }>;
  onAnswer: (answer: Answer) => void;
  onLater: () => void;
}) {
  const { is_new, refused } = question;
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const [problem, setProblem] = useState<"short" | "different" | null>(null);
  const first = useRef<HTMLInputElement>(null);
  const refuse = () => onAnswer({ answer: "refuse" });
  const submit = () => {
    if (is_new && passphrase.length < SHORTEST) return setProblem("short");
    if (is_new && passphrase !== again) return setProblem("different");
    if (passphrase !== "") onAnswer({ answer: "vault_passphrase", passphrase });
  };
  return (
    <Dialog
      title={is_new ? words.newTitle : words.openTitle}
      lead={is_new ? words.newLead : words.openLead}
      icon={
        <span className="flex size-8 shrink-0 items-center justify-center rounded-card bg-accent-soft text-accent">
          <Vault />
        </span>
      }
      mustAnswer
      later={{ label: messages.questions.later, run: onLater }}
      onClose={refuse}
      initialFocus={first}
      width={460}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={refuse}>{words.without}</Button>
          <Button tone="main" type="submit">
            {is_new ? words.create : words.open}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label={words.passphrase} error={problem === "short" ? words.tooShort : refused}>
          {(control) => (
            <Input
              {...control}
              ref={first}
              type="password"
              value={passphrase}
              onChange={(event) => {
                setProblem(null);
                setPassphrase(event.target.value);
              }}
            />
          )}
        </Field>
        {is_new && (
          <Field
            label={words.again}
            error={problem === "different" ? words.mismatch : null}
            help={words.warning}
          >
            {(control) => (
              <Input
                {...control}
                type="password"
                value={again}
                onChange={(event) => {
                  setProblem(null);
                  setAgain(event.target.value);
                }}
              />
            )}
          </Field>
        )}
      </div>
    </Dialog>
  );
}
