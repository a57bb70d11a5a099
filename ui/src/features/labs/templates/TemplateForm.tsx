import { useState } from "react";
import { useOrder } from "@/app/order";
import { Button, Dialog, ErrorBox, Field, Input, PathInput, Segments } from "@/components";
import { type Template, type TemplateSource, type TemplateView, templateCreate, templateUpdate } from "@/ipc";
import { messages } from "@/messages";

const words = messages.templates.form;

type From = TemplateSource["from"];

interface Draft {
  from: From;
  name: string;
  url: string;
  reference: string;
  inside: string;
  folder: string;
  file: string;
}

/** A new template, or a changed one. */
export function TemplateForm(props: {
  template: Template | null;
  onDone: (view: TemplateView) => void;
  onClose: () => void;
}) {
  const { template, onClose } = props;
  const [draft, setDraft] = useState(() => draftOf(template));
  const [isTried, setTried] = useState(false);
  const order = useOrder<TemplateView>((view) => {
    props.onDone(view);
    onClose();
  });
  const set = (change: Partial<Draft>) => {
    setDraft({ ...draft, ...change });
    order.forget();
  };
  const main = mainField(draft);
  const missing = isTried && main.value.trim() === "" ? words.needed(main.label) : null;
  const refused = order.failure?.field ? order.failure : null;
  const submit = () => {
    setTried(true);
    if (main.value.trim() === "") return;
    const input = { name: draft.name.trim() || null, source: sourceOf(draft) };
    order.send(template ? templateUpdate({ template_id: template.id, input }) : templateCreate(input));
  };
  const text = (key: "reference" | "inside" | "name", label: string, help: string, mono = true) => (
    <Field label={label} help={help} className="min-w-0">
      {(control) => (
        <Input
          {...control}
          mono={mono}
          value={draft[key]}
          onChange={(event) => set({ [key]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <Dialog
      title={template ? words.editTitle(template.name) : words.title}
      onClose={onClose}
      onSubmit={submit}
      width={520}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={order.isBusy}>
            {template ? words.save : words.add}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3.5">
        <Segments
          wide
          label={words.from}
          value={draft.from}
          onChange={(from) => set({ from })}
          segments={[
            { value: "git", label: words.git },
            { value: "folder", label: words.folder },
            { value: "file", label: words.file },
          ]}
        />
        <Field
          label={main.label}
          help={draft.from === "git" ? words.urlHelp : null}
          error={missing ?? (refused && messages.sentence(refused.message))}
          required
        >
          {(control) =>
            draft.from === "git" ? (
              <Input
                {...control}
                mono
                value={draft.url}
                onChange={(event) => set({ url: event.target.value })}
              />
            ) : (
              <PathInput
                {...control}
                kind={draft.from}
                title={main.label}
                value={main.value}
                onChange={(path) => set(draft.from === "folder" ? { folder: path } : { file: path })}
              />
            )
          }
        </Field>
        {draft.from === "git" && (
          <div className="grid grid-cols-2 gap-3.5">
            {text("reference", words.reference, words.referenceHelp)}
            {text("inside", words.path, words.pathHelp)}
          </div>
        )}
        {text("name", words.name, words.nameHelp, false)}
        {order.failure && <ErrorBox failure={order.failure} />}
      </div>
    </Dialog>
  );
}

function mainField(draft: Draft): { label: string; value: string } {
  switch (draft.from) {
    case "git":
      return { label: words.url, value: draft.url };
    case "folder":
      return { label: words.folderPath, value: draft.folder };
    case "file":
      return { label: words.filePath, value: draft.file };
  }
}

function sourceOf(draft: Draft): TemplateSource {
  switch (draft.from) {
    case "git":
      return {
        from: "git",
        url: draft.url.trim(),
        reference: draft.reference.trim() || null,
        path: draft.inside.trim(),
      };
    case "folder":
      return { from: "folder", path: draft.folder.trim() };
    case "file":
      return { from: "file", path: draft.file.trim() };
  }
}

function draftOf(template: Template | null): Draft {
  const source = template?.source;
  return {
    from: source?.from ?? "git",
    name: template?.name ?? "",
    url: source?.from === "git" ? source.url : "",
    reference: source?.from === "git" ? (source.reference ?? "") : "",
    inside: source?.from === "git" ? source.path : "",
    folder: source?.from === "folder" ? source.path : "",
    file: source?.from === "file" ? source.path : "",
  };
}
