import { TriangleAlert } from "lucide-react";
import { openDialog } from "@/app/dialogs";
import { goTo, paths } from "@/app/navigation";
import { Button, Card, Fact, Facts } from "@/components";
import type { ConnectionView } from "@/ipc";
import { messages } from "@/messages";

const words = messages.connections.labs;

/** What a lab server can do, what it lacks, and loud: what a person has to know of it. */
export function LabServerCard({ view }: { view: ConnectionView }) {
  const { labs, connection, lab_count } = view;
  if (!labs) return null;
  return (
    <>
      {labs.warnings.map((warning) => (
        <div
          key={warning}
          role="alert"
          className="flex gap-2.5 rounded-card border border-err bg-err-soft px-3 py-2.5 font-[550]"
        >
          <TriangleAlert className="mt-0.5 text-err" />
          <span className="min-w-0 wrap-anywhere">{messages.sentence(warning)}</span>
        </div>
      ))}
      <Card
        title={words.title}
        footer={
          <span className="flex gap-2">
            <Button onClick={() => goTo(paths.labs())}>{words.show(lab_count)}</Button>
            <Button onClick={() => openDialog({ dialog: "new-lab", connectionId: connection.id })}>
              {messages.labs.newDots}
            </Button>
          </span>
        }
      >
        <Facts>
          <Fact name={words.dialect}>{labs.dialect}</Fact>
          <Fact name={words.takes}>{messages.newLab.takes(labs.takes)}</Fact>
          <Fact name={words.atOnce}>{labs.is_one_at_a_time ? words.oneByOne : words.several}</Fact>
          {labs.instances !== null && <Fact name={words.numbers}>{words.upTo(labs.instances)}</Fact>}
        </Facts>
        {labs.lacks.length > 0 && (
          <div className="mt-3 border-t pt-2.5">
            <h3 className="mb-1 text-fg-3">{words.lacks}</h3>
            <ul className="flex list-disc flex-col gap-1 pl-4 text-fg-2 marker:text-fg-3">
              {labs.lacks.map((sentence) => (
                <li key={sentence}>{messages.sentence(sentence)}</li>
              ))}
            </ul>
          </div>
        )}
      </Card>
    </>
  );
}
