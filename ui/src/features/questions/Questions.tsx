/* Draws what the core waits on a person for, one question at a time, above everything else. */
import { attempt } from "@/app/operations";
import { putOff, usePutOff } from "@/app/questions";
import { useCore } from "@/app/store";
import { type Answer, type Question, questionAnswer } from "@/ipc";
import { CertificateDialog } from "./CertificateDialog";
import { CredentialsDialog } from "./CredentialsDialog";
import { HostKeyDialog } from "./HostKeyDialog";
import { VaultDialog } from "./VaultDialog";

/** The oldest open question that was not put off. It leaves when it is answered, or when nobody waits
    any more; one that was put off waits on Home. */
export function Questions() {
  const later = usePutOff((state) => state.ids);
  const first = useCore((state) => state.questions.find(({ id }) => !later.includes(id)));
  return first ? <QuestionDialog key={first.id} asked={first} /> : null;
}

function QuestionDialog({ asked }: { asked: Question }) {
  const { id, subject, question } = asked;
  const answer = (given: Answer) => void attempt(questionAnswer({ question_id: id, answer: given }));
  const onLater = () => putOff(id);
  switch (question.kind) {
    case "host_key":
      return <HostKeyDialog subject={subject} question={question} onAnswer={answer} onLater={onLater} />;
    case "certificate":
      return <CertificateDialog subject={subject} question={question} onAnswer={answer} onLater={onLater} />;
    case "credentials":
      return <CredentialsDialog subject={subject} question={question} onAnswer={answer} onLater={onLater} />;
    case "vault_passphrase":
      return <VaultDialog question={question} onAnswer={answer} onLater={onLater} />;
  }
}
