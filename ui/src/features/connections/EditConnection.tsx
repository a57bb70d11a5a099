import { useCore } from "@/app/store";
import { Button, Card, ErrorBox } from "@/components";
import { type ConnectionView, connectionUpdate, type Descriptor } from "@/ipc";
import { messages } from "@/messages";
import { ConnectionForm } from "./ConnectionForm";
import { draftOf } from "./connection-draft";
import { useConnectionForm } from "./useConnectionForm";

const words = messages.connections;

/** Changes a connection in its place on the page. */
export function EditConnection({ view, onDone }: { view: ConnectionView; onDone: () => void }) {
  const descriptor = useCore((state) => state.descriptors.find(({ kind }) => kind === view.connection.kind));
  return descriptor ? <Content view={view} descriptor={descriptor} onDone={onDone} /> : null;
}

function Content({
  view,
  descriptor,
  onDone,
}: {
  view: ConnectionView;
  descriptor: Descriptor;
  onDone: () => void;
}) {
  const { connection } = view;
  const kept = new Set(Object.keys(connection.secrets));
  const form = useConnectionForm(
    draftOf(view, descriptor),
    descriptor,
    kept,
    (input) => connectionUpdate({ connection_id: connection.id, input }),
    onDone,
  );
  return (
    <Card title={words.editTitle(connection.name)} aside={descriptor.title}>
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
          onChange={form.change}
        />
        <div className="flex justify-end gap-2 border-t pt-3">
          <Button onClick={onDone}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={form.isSaving}>
            {messages.save}
          </Button>
        </div>
      </form>
    </Card>
  );
}
