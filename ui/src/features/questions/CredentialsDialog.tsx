import { KeyRound } from "lucide-react";
import { useRef, useState } from "react";
import { useCore } from "@/app/store";
import { Button, Dialog, Field, Input } from "@/components";
import type { Answer, QuestionKind } from "@/ipc";
import { messages } from "@/messages";
import { Check } from "./Check";

const words = messages.questions.credentials;

/** What a server or a key file asks for before it lets anybody in. */
export function CredentialsDialog({
  subject,
  question,
  onAnswer,
  onLater,
}: {
  subject: string;
  question: Extract<QuestionKind, { kind: "credentials" }>;
  onAnswer: (answer: Answer) => void;
  onLater: () => void;
}) {
  const { title, instruction, prompts, can_remember, refused } = question;
  const [values, setValues] = useState(() => prompts.map(() => ""));
  const [remember, setRemember] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const secrets = useCore((state) => state.info?.secrets);
  const place = secrets?.kept_in === "keychain" ? words.rememberIn(secrets.name) : words.vault;
  const refuse = () => onAnswer({ answer: "refuse" });
  return (
    <Dialog
      title={title}
      lead={
        title.includes(subject) ? instruction : [words.for(subject), instruction].filter(Boolean).join(". ")
      }
      icon={
        <span className="flex size-8 shrink-0 items-center justify-center rounded-card bg-accent-soft text-accent">
          <KeyRound />
        </span>
      }
      mustAnswer
      later={{ label: messages.questions.later, run: onLater }}
      onClose={refuse}
      initialFocus={first}
      width={440}
      onSubmit={() => onAnswer({ answer: "credentials", values, remember: remember && can_remember })}
      footer={
        <>
          <Button onClick={refuse}>{words.cancel}</Button>
          <Button tone="main" type="submit">
            {words.submit}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {prompts.map(({ label, is_echoed }, index) => (
          <Field
            // biome-ignore lint/suspicious/noArrayIndexKey: prompts have no other identity and never move
            key={index}
            label={label.replace(/:\s*$/, "")}
            error={index === 0 ? refused : null}
          >
            {(control) => (
              <Input
                {...control}
                {...(index === 0 ? { ref: first } : {})}
                type={is_echoed ? "text" : "password"}
                value={values[index] ?? ""}
                onChange={(event) =>
                  setValues(values.map((old, at) => (at === index ? event.target.value : old)))
                }
              />
            )}
          </Field>
        ))}
        {can_remember && (
          <Check checked={remember} onChange={setRemember} label={words.remember} remark={place} />
        )}
      </div>
    </Dialog>
  );
}
