/* Draws what the core waits on a person for, one question at a time, above everything else. */
import { attempt } from "@/app/operations";
import { useCore } from "@/app/store";
import { type Answer, type Question, questionAnswer } from "@/ipc";
import { CredentialsDialog } from "./CredentialsDialog";
import { HostKeyDialog } from "./HostKeyDialog";
import { VaultDialog } from "./VaultDialog";

/** The oldest open question. It leaves when it is answered, or when nobody waits any more. */
export function Questions() {
  const first = useCore((state) => state.questions[0]);
  return first ? <QuestionDialog key={first.id} asked={first} /> : null;
}

function QuestionDialog({ asked }: { asked: Question }) {
  const { id, subject, question } = asked;
  const answer = (given: Answer) => void attempt(questionAnswer({ question_id: id, answer: given }));
  switch (question.kind) {
    case "host_key":
      return <HostKeyDialog subject={subject} question={question} onAnswer={answer} />;
    case "credentials":
      return <CredentialsDialog subject={subject} question={question} onAnswer={answer} />;
    case "vault_passphrase":
      return <VaultDialog question={question} onAnswer={answer} />;
  }
}
