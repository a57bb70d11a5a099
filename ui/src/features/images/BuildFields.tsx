import type { RefObject } from "react";
import type { Target } from "@/app/target";
import { Field, type FieldControl, Input, PathInput, Segments, Switch, TextArea } from "@/components";
import type { FieldProblem } from "@/ipc";
import { messages } from "@/messages";
import { type BuildDraft, badArgument, withKind } from "./build-draft";
import { ServerField } from "./ServerField";

const words = messages.images.form;

interface BuildFieldsProps {
  /** Gets the focus. */
  first: RefObject<HTMLInputElement | null>;
  target: Target;
  draft: BuildDraft;
  problems: readonly FieldProblem[];
  onChange: (change: Partial<BuildDraft>) => void;
}

/** The form of a build; what it asks depends on what the image is built from. */
export function BuildFields({ first, target, draft, problems, onChange }: BuildFieldsProps) {
  const problem = problems.find(({ field }) => field === "name");
  const suggestion = problem?.suggestion;
  return (
    <div className="flex min-w-0 flex-col gap-4 p-5">
      <ServerField {...target} />
      <Segments
        wide
        label={words.source}
        value={draft.kind}
        onChange={(kind) => onChange(withKind(draft, kind))}
        segments={[
          { value: "folder", label: words.folder },
          { value: "text", label: words.text },
          { value: "dev_image", label: words.dev },
        ]}
      />
      <Field
        label={words.name}
        help={words.nameHelp}
        required
        error={problem?.message}
        suggestion={
          suggestion
            ? { label: messages.form.use(suggestion), use: () => onChange({ name: suggestion }) }
            : undefined
        }
      >
        {(control) => (
          <Input
            {...control}
            ref={first}
            mono
            value={draft.name}
            placeholder="dev:1"
            onChange={(event) => onChange({ name: event.target.value })}
          />
        )}
      </Field>
      <SourceFields {...{ draft, problems, onChange }} />
      <Field isRow label={words.noCache} help={words.noCacheHelp}>
        {({ id }) => (
          <Switch
            id={id}
            checked={draft.isWithoutCache}
            onChange={(isWithoutCache) => onChange({ isWithoutCache })}
          />
        )}
      </Field>
      <Field isRow label={words.pullBase} help={words.pullBaseHelp}>
        {({ id }) => (
          <Switch
            id={id}
            checked={draft.isBasePulled}
            onChange={(isBasePulled) => onChange({ isBasePulled })}
          />
        )}
      </Field>
    </div>
  );
}

type SourceProps = Pick<BuildFieldsProps, "draft" | "problems" | "onChange">;

function SourceFields({ draft, problems, onChange }: SourceProps) {
  const problemOf = (name: string) => problems.find(({ field }) => field === name)?.message;
  const text = (key: "containerfile" | "base" | "packages" | "user", control: FieldControl) => (
    <Input
      {...control}
      mono
      value={draft[key]}
      onChange={(event) => onChange({ [key]: event.target.value })}
    />
  );
  if (draft.kind === "dev_image")
    return (
      <>
        <Field label={words.base} help={words.baseHelp}>
          {(control) => text("base", control)}
        </Field>
        <Field label={messages.form.optional(words.packages, true)} help={words.packagesHelp}>
          {(control) => text("packages", control)}
        </Field>
        <Field label={words.user}>{(control) => text("user", control)}</Field>
      </>
    );
  return (
    <>
      {draft.kind === "folder" ? (
        <>
          <Field label={words.path} help={words.pathHelp} required error={problemOf("path")}>
            {(control) => (
              <PathInput
                {...control}
                kind="folder"
                title={words.pathTitle}
                value={draft.path}
                placeholder="/home/alice/api"
                onChange={(path) => onChange({ path })}
              />
            )}
          </Field>
          <Field
            label={messages.form.optional(words.containerfile, true)}
            help={words.containerfileHelp}
            error={problemOf("containerfile")}
          >
            {(control) => text("containerfile", control)}
          </Field>
        </>
      ) : (
        <Field label={words.containerfile} help={words.textHelp} required error={problemOf("containerfile")}>
          {(control) => (
            <TextArea
              {...control}
              mono
              rows={9}
              value={draft.text}
              onChange={(event) => onChange({ text: event.target.value })}
            />
          )}
        </Field>
      )}
      <Field
        label={messages.form.optional(words.arguments, true)}
        help={words.argumentsHelp}
        error={badArgument(draft) ?? problemOf("arguments")}
      >
        {(control) => (
          <TextArea
            {...control}
            mono
            rows={2}
            value={draft.arguments}
            onChange={(event) => onChange({ arguments: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
