import { Server } from "lucide-react";
import { openDialog } from "@/app/dialogs";
import { Button, cx, EmptyState, Field, Input, Select } from "@/components";
import type { ConnectionView, TemplatePreview } from "@/ipc";
import { messages } from "@/messages";
import { HOURS } from "../AutoStopDialog";
import { change, type Draft } from "./draft";
import type { Form } from "./NewLabDialog";

const words = messages.newLab;

/** On which server, under which name, with which values. */
export function SettingsStep({
  draft,
  preview,
  form,
}: {
  draft: Draft;
  preview: TemplatePreview;
  form: Form;
}) {
  const { servers, server, name, local, plan } = form;
  const { instances } = server?.labs ?? { instances: null };
  const problemOf = (field: string) => plan?.problems.find((problem) => problem.field === field);
  if (servers.length === 0) {
    const { title, text } = words.noServer;
    return (
      <EmptyState
        icon={<Server />}
        {...{ title, text }}
        actions={
          <Button onClick={() => openDialog({ dialog: "add-connection" })}>
            {messages.labs.empty.noServer.action}
          </Button>
        }
      />
    );
  }
  const named = problemOf("name");
  return (
    <div className="flex min-w-0 grow flex-col gap-4 overflow-y-auto p-5">
      <ServerChoice form={form} />
      <div
        className={cx(
          "grid items-start gap-3.5",
          instances !== null && "grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)]",
        )}
      >
        <Field
          label={words.name}
          help={words.nameHelp}
          error={local.name ?? named?.message}
          required
          suggestion={suggestion(named?.suggestion, (value) => change({ name: value }))}
        >
          {(control) => (
            <Input
              {...control}
              mono
              value={name}
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
        {instances !== null && (
          <Field
            label={words.instance}
            help={words.instanceHelp(instances)}
            error={local.instance ?? problemOf("instance")?.message}
            suggestion={suggestion(problemOf("instance")?.suggestion, (value) => change({ instance: value }))}
          >
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                placeholder={plan?.instance === null || plan === null ? undefined : String(plan.instance)}
                value={draft.instance}
                onChange={(event) => change({ instance: event.target.value })}
              />
            )}
          </Field>
        )}
      </div>
      <Field label={words.autoStop} help={words.autoStopHelp}>
        {(control) => (
          <Select
            control={control}
            value={String(draft.autoStopMinutes ?? 0)}
            onChange={(value) => change({ autoStopMinutes: Number(value) || null })}
            options={[0, ...HOURS].map((hours) => ({
              value: String(hours * 60),
              label: hours === 0 ? words.never : words.after(hours),
            }))}
          />
        )}
      </Field>
      {preview.variables.length > 0 && (
        <fieldset className="flex flex-col gap-3.5">
          <legend className="mb-2 font-semibold">{words.variables}</legend>
          {preview.variables.map((variable) => {
            const problem = problemOf(`variables.${variable.name}`) ?? problemOf(variable.name);
            return (
              <Field key={variable.name} label={variable.name} help={variable.help} error={problem?.message}>
                {(control) => (
                  <Input
                    {...control}
                    mono
                    value={draft.variables[variable.name] ?? variable.default ?? ""}
                    onChange={(event) =>
                      change({ variables: { ...draft.variables, [variable.name]: event.target.value } })
                    }
                  />
                )}
              </Field>
            );
          })}
        </fieldset>
      )}
    </div>
  );
}

const suggestion = (value: string | null | undefined, use: (value: string) => void) =>
  value ? { label: messages.form.use(value), use: () => use(value) } : undefined;

/** Lab servers as cards; one that cannot run the topology says why. */
function ServerChoice({ form: { servers, server } }: { form: Form }) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-[550]">{words.server}</legend>
      <div className="grid grid-cols-2 gap-2">
        {servers.map(({ view, refusal }) => (
          <ServerCard key={view.connection.id} view={view} refusal={refusal} isChosen={view === server} />
        ))}
      </div>
    </fieldset>
  );
}

function ServerCard(props: { view: ConnectionView; refusal: string | null; isChosen: boolean }) {
  const { view, refusal, isChosen } = props;
  const { id, name } = view.connection;
  return (
    <label
      className={cx(
        "eased flex items-start gap-2.5 rounded-card border px-3 py-2 has-focus-visible:outline-2 has-focus-visible:outline-accent",
        isChosen ? "border-accent-line bg-selected" : "border-line",
        refusal === null && !isChosen && "hover:bg-hover",
      )}
    >
      <input
        type="radio"
        name="server"
        checked={isChosen}
        disabled={refusal !== null && !isChosen}
        onChange={() => change({ connectionId: id })}
        className="mt-1 accent-accent outline-none!"
      />
      <span className="min-w-0">
        <span className={cx("block truncate font-[550]", refusal !== null && "text-fg-2")}>{name}</span>
        <span className={cx("block", isChosen && refusal !== null ? "text-err" : "text-fg-3")}>
          {refusal ?? view.labs?.dialect}
        </span>
      </span>
    </label>
  );
}
