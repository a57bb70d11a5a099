/* A new lab: which topology, then where and how, with what will happen beside it. */
import { useEffect } from "react";
import { TYPING_MS, useAsked } from "@/app/asked";
import { goTo, paths } from "@/app/navigation";
import { useOrder } from "@/app/order";
import { useCore } from "@/app/store";
import { Button, Dialog, Segments } from "@/components";
import {
  type ConnectionId,
  type LabTemplatePick,
  type LabVerb,
  labCreate,
  labCreatePlan,
  type RunStarted,
} from "@/ipc";
import { messages } from "@/messages";
import { Preview, usePreview } from "../templates/Preview";
import { TemplateTree } from "../templates/TemplateTree";
import {
  change,
  choosePick,
  EMPTY,
  inputOf,
  instanceProblem,
  isBegun,
  nameFrom,
  nameProblem,
  refusalOf,
  useDraft,
} from "./draft";
import { PlanColumn } from "./PlanColumn";
import { SettingsStep } from "./SettingsStep";

const words = messages.newLab;

export function NewLabDialog(props: {
  connectionId: ConnectionId | undefined;
  pick: LabTemplatePick | undefined;
  onClose: () => void;
}) {
  const { connectionId, pick, onClose } = props;
  useEffect(() => {
    if (connectionId) change({ connectionId });
    if (pick) {
      choosePick(pick);
      change({ step: "settings" });
    }
  }, [connectionId, pick]);
  const draft = useDraft();
  const asked = usePreview(draft.pick);
  const preview = draft.pick && asked.isCurrent ? asked.answer : null;
  const form = useForm(preview);
  const order = useOrder<RunStarted>(({ run_id }) => {
    onClose();
    goTo(paths.run(run_id));
  });
  const begin = (verb: LabVerb) => {
    if (!form.input) return;
    const begun = labCreate({ input: form.input, verb });
    // What was only looked at is still to be made.
    if (verb !== "validate") begun.then(() => change(EMPTY)).catch(() => {});
    order.send(begun);
  };
  const canGoOn = preview !== null && preview.problems.length === 0;
  const canBegin = form.plan !== null && form.plan.problems.length === 0 && !order.isBusy;
  const isLast = draft.step === "settings" && draft.pick !== null;
  return (
    <Dialog
      title={words.title}
      onClose={onClose}
      width={1040}
      flush
      onSubmit={() => {
        if (!isLast) canGoOn && change({ step: "settings" });
        else if (canBegin) begin("start");
      }}
      footerStart={
        <>
          {isLast && <Button onClick={() => change({ step: "topology" })}>{words.back}</Button>}
          {isBegun(draft) && (
            <Button tone="quiet" onClick={() => change({ ...EMPTY, pick: draft.pick, step: draft.step })}>
              {words.startOver}
            </Button>
          )}
        </>
      }
      footer={
        isLast ? (
          <>
            <Button disabled={!canBegin} onClick={() => begin("validate")}>
              {words.validate}
            </Button>
            <Button disabled={!canBegin} onClick={() => begin("create")}>
              {words.create}
            </Button>
            <Button tone="main" type="submit" disabled={!canBegin}>
              {order.isBusy ? words.starting : words.start}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{messages.cancel}</Button>
            <Button tone="main" type="submit" disabled={!canGoOn}>
              {words.next}
            </Button>
          </>
        )
      }
    >
      <div className="flex h-[min(560px,calc(100dvh-190px))] flex-col">
        <div className="flex h-11 shrink-0 items-center border-b px-4">
          <Segments
            label={words.steps.label}
            value={draft.step}
            onChange={(step) => (step === "topology" || canGoOn) && change({ step })}
            segments={[
              { value: "topology", label: `1 ${words.steps.topology}` },
              { value: "settings", label: `2 ${words.steps.settings}` },
            ]}
          />
        </div>
        <div className="flex min-h-0 grow">
          {isLast && preview ? (
            <>
              <SettingsStep draft={draft} preview={preview} form={form} />
              <PlanColumn form={form} refusal={order.failure} />
            </>
          ) : (
            <>
              <TemplateTree
                pick={draft.pick}
                onPick={choosePick}
                className="w-84 shrink-0 border-r narrow:w-64"
              />
              <Preview asked={asked} hasPick={draft.pick !== null} />
            </>
          )}
        </div>
      </div>
    </Dialog>
  );
}

export type Form = ReturnType<typeof useForm>;

/** What the draft means for the servers there are now, and what would be done. */
function useForm(preview: ReturnType<typeof usePreview>["answer"]) {
  const draft = useDraft();
  const connections = useCore((state) => state.connections);
  const servers = preview
    ? connections
        .filter(({ labs, abilities, lab_count }) => labs !== null || abilities?.labs || lab_count > 0)
        .map((view) => ({ view, refusal: refusalOf(view, preview) }))
    : [];
  const able = servers.filter(({ refusal }) => refusal === null);
  const server = (servers.find(({ view }) => view.connection.id === draft.connectionId) ?? able[0])?.view;
  const name = draft.name ?? nameFrom(preview?.topology.name ?? "");
  const local = {
    name: nameProblem(name),
    instance: instanceProblem(draft.instance, server?.labs?.instances ?? null),
    server: server && preview ? refusalOf(server, preview) : null,
  };
  const isRight = Object.values(local).every((problem) => problem === null);
  const input = preview && server && isRight ? inputOf(draft, server.connection.id, name, preview) : null;
  const planning = useAsked(
    draft.step === "settings" && input ? { input, verb: "start" as const } : null,
    labCreatePlan,
    TYPING_MS,
  );
  const plan = input && planning.isCurrent ? planning.answer : null;
  return { servers, server, name, local, input, planning, plan };
}
