import { useCore } from "@/app/store";
import { Button, Card, ErrorBox } from "@/components";
import { type ConnectionInput, type ConnectionView, connectionUpdate, type Descriptor } from "@/ipc";
import { messages } from "@/messages";
import { ConnectionForm } from "./ConnectionForm";
import { draftOf } from "./connection-draft";
import { useConnectionForm } from "./useConnectionForm";
import type { FieldFocus } from "./useFieldFocus";

const words = messages.connections;

interface EditConnectionProps {
  view: ConnectionView;
  onDone: () => void;
  /** A field to change first. */
  focus?: FieldFocus | null;
  /** Tests what the form says now, without saving it. */
  onTest?: (input: ConnectionInput) => void;
  /** Without the card around it. */
  isBare?: boolean;
}

/** Changes a connection in its place on the page. */
export function EditConnection(props: EditConnectionProps) {
  const { kind } = props.view.connection;
  const descriptor = useCore((state) => state.descriptors.find((known) => known.kind === kind));
  return descriptor ? <Content {...props} descriptor={descriptor} /> : null;
}

function Content({
  view,
  descriptor,
  onDone,
  focus = null,
  onTest,
  isBare,
}: EditConnectionProps & { descriptor: Descriptor }) {
  const { connection } = view;
  const kept = new Set(Object.keys(connection.secrets));
  const form = useConnectionForm(
    draftOf(view, descriptor),
    descriptor,
    kept,
    (input) => connectionUpdate({ connection_id: connection.id, input }),
    onDone,
  );
  const test = () => {
    const input = form.complete();
    if (input) onTest?.(input);
  };
  const content = (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
    >
      {form.failure && <ErrorBox failure={form.failure} />}
      <ConnectionForm
        draft={form.draft}
        descriptor={descriptor}
        problems={form.problems}
        kept={kept}
        focus={focus}
        onChange={form.change}
      />
      <div className="flex flex-wrap justify-end gap-2 border-t pt-3">
        {onTest ? (
          <Button title={messages.doctor.unsaved} onClick={test}>
            {messages.doctor.test}
          </Button>
        ) : (
          <Button onClick={onDone}>{messages.cancel}</Button>
        )}
        <Button tone={onTest ? "default" : "main"} type="submit" disabled={form.isSaving}>
          {messages.save}
        </Button>
      </div>
    </form>
  );
  return isBare ? (
    content
  ) : (
    <Card title={words.editTitle(connection.name)} aside={descriptor.title}>
      {content}
    </Card>
  );
}
