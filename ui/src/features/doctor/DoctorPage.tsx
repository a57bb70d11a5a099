/* The test of a stored connection: its form at the left, the test at the right. */
import { ClipboardCopy, RotateCw, X } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { registerActions } from "@/app/actions";
import { goTo, paths } from "@/app/navigation";
import { Button, Chip, PageHeader, useCopied } from "@/components";
import type { ConnectionInput, ConnectionView, Descriptor } from "@/ipc";
import { messages } from "@/messages";
import { TestPanel } from "./TestPanel";
import { type ConnectionTest, useTest } from "./useTest";

const words = messages.doctor;

export interface FormSlot {
  /** The field to show and focus, as failures name it; a new object each time. */
  focus: { field: string } | null;
  onTest: (input: ConnectionInput) => void;
  /** Saved, or left without saving. */
  onDone: () => void;
}

export function DoctorPage({
  view,
  descriptor,
  form,
  onImage,
}: {
  view: ConnectionView;
  descriptor: Descriptor | undefined;
  form: (slot: FormSlot) => ReactNode;
  onImage?: (() => void) | undefined;
}) {
  const { id, name } = view.connection;
  const test = useTest();
  const { start, again } = test;
  const [focus, setFocus] = useState<{ field: string } | null>(null);
  useEffect(() => start({ connection_id: id, input: null }), [id, start]);
  useEffect(
    () => registerActions({ id: "doctor.again", title: words.again, shortcut: "r", run: () => again() }),
    [again],
  );
  return (
    <>
      <PageHeader
        title={name}
        parent={{ label: messages.connections.title, go: () => goTo(paths.connection(id)) }}
        tools={descriptor && <Chip>{descriptor.title}</Chip>}
        actions={<Actions test={test} />}
      />
      <div className="flex min-h-0 grow">
        <section
          aria-label={words.form}
          className="w-100 shrink-0 overflow-y-auto border-r p-5 narrow:w-72 narrow:p-4"
        >
          <h2 className="sr-only">{words.form}</h2>
          {form({
            focus,
            onTest: (input) => start({ connection_id: id, input }),
            onDone: () => start({ connection_id: id, input: null }),
          })}
        </section>
        <div
          role="region"
          aria-label={words.result}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
          tabIndex={0}
          className="flex min-w-0 grow flex-col overflow-y-auto p-5 -outline-offset-2! narrow:p-4"
        >
          <TestPanel
            test={test}
            className="w-full max-w-190 grow"
            actions={{
              onEdit: (field) => setFocus({ field }),
              onSetUp: () => goTo(paths.connectionSetup(id)),
              onImage,
            }}
          />
        </div>
      </div>
    </>
  );
}

function Actions({ test }: { test: ConnectionTest }) {
  const [copied, copy] = useCopied();
  const text = test.report?.text;
  return (
    <>
      {text && (
        <Button icon={<ClipboardCopy />} onClick={() => copy(text)}>
          {copied ? words.copied : words.copy}
        </Button>
      )}
      {test.isRunning ? (
        <Button icon={<X />} onClick={test.cancel}>
          {words.cancel}
        </Button>
      ) : (
        <Button tone="main" icon={<RotateCw />} onClick={() => test.again()}>
          {words.again}
        </Button>
      )}
    </>
  );
}
