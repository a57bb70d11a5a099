/* The form of a tunnel: what it is at the left, what it does at the right. */
import { Button, Dialog, Field, Fold, Input, Segments } from "@/components";
import type { Tunnel } from "@/ipc";
import { messages } from "@/messages";
import { BehaviourFields } from "./BehaviourFields";
import type { Kind } from "./draft";
import { Effect } from "./Effect";
import { ListenFields, TargetFields, ThroughField } from "./EndFields";
import { useTunnelForm } from "./useTunnelForm";

const words = messages.tunnels.form;
const KINDS: Kind[] = ["local", "remote", "dynamic"];
const FOLDED = ["when_down", "check"];

/** `tunnel` is changed, or with `isCopy` the beginning of a new one. */
export function TunnelDialog({
  tunnel,
  isCopy = false,
  onClose,
}: {
  tunnel?: Tunnel | undefined;
  isCopy?: boolean | undefined;
  onClose: () => void;
}) {
  const form = useTunnelForm(tunnel, isCopy, onClose);
  const { draft, change, problems } = form;
  const isChange = tunnel !== undefined && !isCopy;
  const submit = isChange
    ? form.isBusy
      ? words.saving
      : words.save
    : form.isBusy
      ? words.creating
      : words.create;
  const isFoldWrong =
    FOLDED.some((field) => problems[field]) || (draft.isExposed && draft.listenAt === "port");
  return (
    <Dialog
      title={isChange ? words.editTitle(tunnel.name) : words.newTitle}
      onClose={onClose}
      width={880}
      flush
      onSubmit={form.submit}
      footerStart={isChange && <p className="text-fg-3">{words.restarts}</p>}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={form.isBusy}>
            {submit}
          </Button>
        </>
      }
    >
      <div className="grid min-h-120 grid-cols-[minmax(0,1fr)_300px]">
        <div className="flex min-w-0 flex-col gap-4 p-5">
          <div className="flex flex-col gap-1.5">
            <Segments
              label={words.kind}
              wide
              segments={KINDS.map((value) => ({ value, label: words.kinds[value] }))}
              value={draft.kind}
              onChange={(kind) =>
                change({
                  kind,
                  loopback: "",
                  ...(kind === "remote" && draft.listenAt === "own" ? { listenAt: "port" } : {}),
                })
              }
            />
            <p className="text-fg-3">{words.kindText[draft.kind]}</p>
          </div>
          <ListenFields {...{ draft, change, problems }} />
          <TargetFields {...{ draft, change, problems }} />
          <div className="grid grid-cols-2 items-start gap-3.5">
            <ThroughField {...{ draft, change, problems }} ways={form.ways} />
            <Field
              label={messages.form.optional(words.name, true)}
              help={words.nameHelp}
              error={problems.name}
            >
              {(control) => (
                <Input
                  {...control}
                  value={draft.name}
                  maxLength={64}
                  onChange={(event) => change({ name: event.target.value })}
                />
              )}
            </Field>
          </div>
          <Fold isNeeded={isFoldWrong}>
            <BehaviourFields {...{ draft, change, problems }} />
          </Fold>
        </div>
        <div className="border-l bg-panel">
          <Effect form={form} />
        </div>
      </div>
    </Dialog>
  );
}
