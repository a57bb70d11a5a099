import { ShieldAlert } from "lucide-react";
import { Field, Input, Select, Switch } from "@/components";
import { messages } from "@/messages";
import { checksFor, type Draft } from "./draft";
import type { TunnelForm } from "./useTunnelForm";

const words = messages.tunnels.form;

type PartProps = Pick<TunnelForm, "draft" | "change" | "problems">;

type Flag = { [Key in keyof Draft]: Draft[Key] extends boolean ? Key : never }[keyof Draft];

/** What few change: when it starts, what happens while it is down, how it is checked. */
export function BehaviourFields({ draft, change, problems }: PartProps) {
  const flag = (key: Flag, label: string, help: string) => (
    <Field isRow label={label} help={help}>
      {(control) => <Switch {...control} checked={draft[key]} onChange={(isOn) => change({ [key]: isOn })} />}
    </Field>
  );
  return (
    <div className="flex flex-col gap-3.5">
      {flag("startsWithApp", words.starts, words.startsHelp)}
      {draft.kind !== "remote" && flag("isOnDemand", words.onDemand, words.onDemandHelp)}
      <WhenDown {...{ draft, change, problems }} />
      <Check {...{ draft, change, problems }} />
      {draft.kind !== "dynamic" && flag("isHttpWatched", words.watch, words.watchHelp)}
      {flag("isFavourite", words.tray, words.trayHelp)}
      {draft.listenAt === "port" && flag("isExposed", words.expose, words.exposeHelp)}
      {draft.listenAt === "port" && draft.isExposed && <Exposed {...{ draft, change, problems }} />}
    </div>
  );
}

function WhenDown({ draft, change, problems }: PartProps) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_140px] items-start gap-3.5">
      <Field label={words.whenDown} error={draft.policy === "refuse" ? problems.when_down : undefined}>
        {(control) => (
          <Select
            control={control}
            value={draft.policy}
            options={[
              { value: "hold", label: words.hold },
              { value: "refuse", label: words.refuse },
            ]}
            onChange={(policy) => change({ policy })}
          />
        )}
      </Field>
      {draft.policy === "hold" && (
        <Field label={words.holdSeconds} error={problems.when_down}>
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              value={draft.holdSeconds}
              after={<span className="text-fg-3">{words.seconds}</span>}
              onChange={(event) => change({ holdSeconds: event.target.value })}
            />
          )}
        </Field>
      )}
    </div>
  );
}

function Check({ draft, change, problems }: PartProps) {
  const isHttp = draft.check === "http" && draft.kind === "local";
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-start gap-3.5">
      <Field
        label={words.check}
        help={words.checkHelp[isHttp || draft.check !== "http" ? draft.check : "connect"]}
        error={isHttp ? undefined : problems.check}
      >
        {(control) => (
          <Select
            control={control}
            value={isHttp || draft.check !== "http" ? draft.check : "connect"}
            options={checksFor(draft.kind).map((value) => ({ value, label: words.checks[value] }))}
            onChange={(check) => change({ check })}
          />
        )}
      </Field>
      {isHttp && (
        <Field label={words.path} error={problems.check}>
          {(control) => (
            <Input
              {...control}
              mono
              value={draft.checkPath}
              onChange={(event) => change({ checkPath: event.target.value })}
            />
          )}
        </Field>
      )}
    </div>
  );
}

/** The address is named, and the warning stays as long as it is so. */
function Exposed({ draft, change, problems }: PartProps) {
  return (
    <div className="flex flex-col gap-2.5">
      <Field label={words.exposedHost} help={words.exposedHostHelp} error={problems["listen.host"]} required>
        {(control) => (
          <Input
            {...control}
            mono
            value={draft.exposedHost}
            onChange={(event) => change({ exposedHost: event.target.value })}
          />
        )}
      </Field>
      <p role="alert" className="flex gap-2 rounded-card bg-warn-soft px-2.5 py-2">
        <ShieldAlert className="mt-0.5 shrink-0 text-warn" />
        <span className="min-w-0 wrap-anywhere">{words.exposedWarning(draft.exposedHost)}</span>
      </p>
    </div>
  );
}
