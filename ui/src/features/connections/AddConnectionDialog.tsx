import { useState } from "react";
import type { ProposedConnection } from "@/app/dialogs";
import { goTo, paths } from "@/app/navigation";
import { useCore } from "@/app/store";
import { Button, Dialog, ErrorBox, Field, Select } from "@/components";
import { connectionCreate, type Descriptor } from "@/ipc";
import { messages } from "@/messages";
import { ConnectionForm } from "./ConnectionForm";
import { newDraft } from "./connection-draft";
import { useConnectionForm } from "./useConnectionForm";

const words = messages.connections;
const NOTHING_KEPT: ReadonlySet<string> = new Set();

interface AddProps {
  /** Values that a link brought. */
  proposed?: ProposedConnection | undefined;
  onClose: () => void;
}

/** Adds a connection and begins to connect; then shows it. */
export function AddConnectionDialog({ proposed, onClose }: AddProps) {
  const descriptors = useCore((state) => state.descriptors);
  const [kind, setKind] = useState<string | null>(null);
  const descriptor = descriptors.find((known) => known.kind === kind) ?? descriptors[0];
  if (!descriptor) return null;
  return (
    <Content
      key={descriptor.kind}
      proposed={proposed}
      descriptor={descriptor}
      descriptors={descriptors}
      onKind={setKind}
      onClose={onClose}
    />
  );
}

interface ContentProps extends AddProps {
  descriptor: Descriptor;
  descriptors: Descriptor[];
  onKind: (kind: string) => void;
}

function Content({ descriptor, descriptors, proposed, onKind, onClose }: ContentProps) {
  const form = useConnectionForm(
    newDraft(descriptor, proposed),
    descriptor,
    NOTHING_KEPT,
    connectionCreate,
    (view) => {
      onClose();
      goTo(paths.connection(view.connection.id));
    },
  );
  return (
    <Dialog
      title={words.addTitle}
      lead={descriptors.length === 1 ? descriptor.summary : words.addLead}
      onClose={onClose}
      width={560}
      onSubmit={form.submit}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={form.isSaving}>
            {words.saveAndConnect}
          </Button>
        </>
      }
    >
      {form.failure && <ErrorBox failure={form.failure} className="mb-3.5" />}
      {descriptors.length > 1 && (
        <Field label={words.form.kind} help={descriptor.summary} className="mb-3.5">
          {(control) => (
            <Select
              control={control}
              value={descriptor.kind}
              options={descriptors.map(({ kind, title }) => ({ value: kind, label: title }))}
              onChange={onKind}
            />
          )}
        </Field>
      )}
      <ConnectionForm
        draft={form.draft}
        descriptor={descriptor}
        problems={form.problems}
        kept={NOTHING_KEPT}
        onChange={form.change}
      />
    </Dialog>
  );
}
