import { type ReactNode, useRef, useState } from "react";
import type { ProposedConnection } from "@/app/dialogs";
import { goTo, paths } from "@/app/navigation";
import { useCore } from "@/app/store";
import { Button, Dialog, ErrorBox, Field, Select } from "@/components";
import { type ConnectionId, type ConnectionInput, connectionCreate, type Descriptor } from "@/ipc";
import { messages } from "@/messages";
import { ConnectionForm } from "./ConnectionForm";
import { newDraft } from "./connection-draft";
import { useConnectionForm } from "./useConnectionForm";
import type { FieldFocus } from "./useFieldFocus";

const words = messages.connections;
const NOTHING_KEPT: ReadonlySet<string> = new Set();

/** What a test beside the form is given; it is drawn by whoever opens the dialog. */
export interface TestSlot {
  /** What is tested; a new object for each test. */
  asked: { input: ConnectionInput };
  onEdit: (field: string) => void;
  /** Adds the connection and goes on with setting its server up. */
  onSetUp: () => void;
  /** Adds the connection and goes on to the images. */
  onImage: () => void;
}

interface AddConnectionDialogProps {
  /** Values that a link brought. */
  proposed?: ProposedConnection | undefined;
  onClose: () => void;
  renderTest?: (slot: TestSlot) => ReactNode;
}

/** Adds a connection and begins to connect; then shows it. */
export function AddConnectionDialog({ proposed, onClose, renderTest }: AddConnectionDialogProps) {
  const descriptors = useCore((state) => state.descriptors);
  const [kind, setKind] = useState<string | null>(null);
  const descriptor = descriptors.find((known) => known.kind === kind) ?? descriptors[0];
  if (!descriptor) return null;
  return (
    <Content
      key={descriptor.kind}
      descriptor={descriptor}
      descriptors={descriptors}
      proposed={proposed}
      onKind={setKind}
      onClose={onClose}
      renderTest={renderTest}
    />
  );
}

interface ContentProps {
  proposed: ProposedConnection | undefined;
  descriptor: Descriptor;
  descriptors: Descriptor[];
  onKind: (kind: string) => void;
  onClose: () => void;
  renderTest: ((slot: TestSlot) => ReactNode) | undefined;
}

function Content({ descriptor, descriptors, proposed, onKind, onClose, renderTest }: ContentProps) {
  const [asked, setAsked] = useState<TestSlot["asked"] | null>(null);
  const [focus, setFocus] = useState<FieldFocus | null>(null);
  const next = useRef<(id: ConnectionId) => string>(paths.connection);
  const form = useConnectionForm(
    newDraft(descriptor, proposed),
    descriptor,
    NOTHING_KEPT,
    connectionCreate,
    (view) => {
      onClose();
      goTo(next.current(view.connection.id));
    },
  );
  const test = () => {
    const input = form.complete();
    if (input) setAsked({ input });
  };
  const add = (leadsTo: typeof next.current) => {
    next.current = leadsTo;
    form.submit();
  };
  const fields = (
    <>
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
        focus={focus}
        onChange={form.change}
      />
    </>
  );
  return (
    <Dialog
      title={words.addTitle}
      lead={descriptors.length === 1 ? descriptor.summary : words.addLead}
      onClose={onClose}
      width={asked ? 1040 : 560}
      flush={asked !== null}
      onSubmit={() => add(paths.connection)}
      footerStart={renderTest && <Button onClick={test}>{messages.doctor.test}</Button>}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={form.isSaving}>
            {words.saveAndConnect}
          </Button>
        </>
      }
    >
      {asked && renderTest ? (
        <div className="grid h-[min(600px,70vh)] grid-cols-[minmax(0,1fr)_minmax(0,1fr)] border-t">
          <div className="overflow-y-auto px-5 py-3.5">{fields}</div>
          <div className="flex flex-col overflow-y-auto border-l px-5 py-3.5">
            {renderTest({
              asked,
              onEdit: (field) => setFocus({ field }),
              onSetUp: () => add(paths.connectionSetup),
              onImage: () => add(paths.images),
            })}
          </div>
        </div>
      ) : (
        fields
      )}
    </Dialog>
  );
}
