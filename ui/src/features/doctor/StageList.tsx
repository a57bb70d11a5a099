/* The stages of a test as a line from this computer to what answers, machine by machine. */
import { Check, Minus, TriangleAlert, X } from "lucide-react";
import { Fragment, useEffect, useRef } from "react";
import { cx, Dot } from "@/components";
import type { Diagnosis, Stage, StageStatus } from "@/ipc";
import { messages } from "@/messages";
import { type FixActions, FixBox } from "./FixBox";

const words = messages.doctor;

export function StageList({ diagnosis, actions }: { diagnosis: Diagnosis; actions: FixActions }) {
  const { stages } = diagnosis;
  return (
    <ol aria-label={words.stages} className="flex flex-col">
      {stages.map((stage, index) => (
        <Fragment key={`${stage.id}.${stage.hop}`}>
          <Heading diagnosis={diagnosis} index={index} />
          <StageRow stage={stage} isLast={isLastOfPart(stages, index)} actions={actions} />
        </Fragment>
      ))}
    </ol>
  );
}

const isLastOfPart = (stages: readonly Stage[], index: number) =>
  stages[index + 1] === undefined || stages[index + 1]?.hop !== stages[index]?.hop;

/** Says which machine the stages below are about, where one could wonder. */
function Heading({ diagnosis, index }: { diagnosis: Diagnosis; index: number }) {
  const { stages, hops, kind_title, name } = diagnosis;
  const hop = stages[index]?.hop ?? null;
  if (index > 0 && stages[index - 1]?.hop === hop) return null;
  const isJump = hop !== null && hop < hops.length - 1;
  const text =
    hop === null ? words.service(kind_title, name) : isJump ? words.jump(hops[hop]?.name ?? "") : name;
  const address = hop === null ? undefined : hops[hop];
  return (
    <li className={cx("flex items-baseline gap-2 pb-2", index > 0 && "mt-2 border-t pt-3.5")}>
      <h3 className="truncate font-semibold">{text}</h3>
      {address && (
        <span className="truncate font-mono text-fg-3">
          {address.user}@{address.addresses[0]?.host}
        </span>
      )}
    </li>
  );
}

interface StageRowProps {
  stage: Stage;
  isLast: boolean;
  actions: FixActions;
}

function StageRow({ stage, isLast, actions }: StageRowProps) {
  const { status, failure, duration_ms: ms } = stage;
  const row = useRef<HTMLLIElement>(null);
  // What stopped the test must be seen, however long the way to it was.
  useEffect(() => {
    if (status === "failed") row.current?.scrollIntoView({ block: "nearest" });
  }, [status]);
  const isOpen = status === "waiting" || status === "skipped";
  return (
    <li ref={row} aria-current={status === "running" ? "step" : undefined} className="flex gap-3">
      <span aria-hidden="true" className="flex shrink-0 flex-col items-center">
        <StageMark status={status} />
        {!isLast && <span className="my-0.5 w-px grow bg-line-strong" />}
      </span>
      <div className={cx("min-w-0 grow", isLast ? "pb-1" : "pb-3")}>
        <div className="flex items-baseline gap-2">
          <span className={cx(isOpen ? "text-fg-3" : "font-[550]")}>{stage.title}</span>
          <span className="sr-only">{words.status[status]}</span>
          <span className="ml-auto shrink-0 text-fg-3 tabular-nums">
            {ms === null || isOpen ? "" : words.took(ms)}
          </span>
        </div>
        {stage.summary && <p className="text-fg-2 wrap-anywhere">{stage.summary}</p>}
        {failure && (
          <>
            <p className={cx("wrap-anywhere", status === "failed" ? "text-err" : "text-warn")}>
              {messages.sentence(failure.message)}
            </p>
            <FixBox stage={stage} actions={actions} />
          </>
        )}
      </div>
    </li>
  );
}

const MARK = "flex size-5 items-center justify-center rounded-full [&_svg]:size-3";

function StageMark({ status }: { status: StageStatus }) {
  switch (status) {
    case "passed":
      return (
        <span className={cx(MARK, "bg-ok/15 text-ok")}>
          <Check />
        </span>
      );
    case "warned":
      return (
        <span className={cx(MARK, "bg-warn-soft text-warn")}>
          <TriangleAlert />
        </span>
      );
    case "failed":
      return (
        <span className={cx(MARK, "bg-err-soft text-err")}>
          <X />
        </span>
      );
    case "running":
      return (
        <span className={MARK}>
          <Dot tone="busy" />
        </span>
      );
    case "waiting":
      return (
        <span className={MARK}>
          <Dot tone="unknown" />
        </span>
      );
    case "skipped":
      return (
        <span className={cx(MARK, "text-fg-3")}>
          <Minus />
        </span>
      );
  }
}
