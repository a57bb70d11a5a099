import { useMemo } from "react";
import { useNow } from "@/app/clock";
import { paths } from "@/app/navigation";
import { useCore } from "@/app/store";
import { cx, Dot, formatDuration, formatMoment, type StatusTone } from "@/components";
import type { Run, RunStatus } from "@/ipc";
import { messages } from "@/messages";

const words = messages.home;
const ROWS = 8;

const TONES: Record<RunStatus, StatusTone> = {
  running: "busy",
  succeeded: "ok",
  failed: "err",
  cancelled: "idle",
  interrupted: "warn",
};

/** The runs of today, and those that go on. */
export function Today() {
  const now = useNow(60_000);
  const known = useCore((state) => state.runs);
  const runs = useMemo(() => todaysRuns(Object.values(known), now).slice(0, ROWS), [known, now]);
  return (
    <section aria-label={words.today} className="rounded-card border bg-panel">
      <header className="flex h-9 items-center justify-between border-b px-3">
        <h2 className="font-semibold">{words.today}</h2>
        <a href={`#${paths.runs()}`} className="rounded-control text-fg-3 hover:text-fg">
          {words.allRuns} ›
        </a>
      </header>
      {runs.length === 0 ? (
        <p className="px-3 py-2.5 text-fg-3">{words.nothingToday}</p>
      ) : (
        <ul className="py-1.5">
          {runs.map((run) => (
            <RunLine key={run.id} run={run} />
          ))}
        </ul>
      )}
    </section>
  );
}

export function todaysRuns(runs: readonly Run[], now: number): Run[] {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  return runs
    .filter((run) => run.started_at >= midnight || run.status === "running")
    .sort((a, b) => b.started_at - a.started_at);
}

function RunLine({ run }: { run: Run }) {
  const now = useNow(run.status === "running" ? 1000 : 60_000);
  const { subject } = run;
  return (
    <li>
      <a
        href={`#${paths.run(run.id)}`}
        className="eased flex h-7.5 items-center gap-3 px-3 -outline-offset-2! hover:bg-hover"
      >
        <span className="w-9.5 shrink-0 text-fg-3 tabular-nums">
          {formatMoment(run.started_at, now).slice(-5)}
        </span>
        <Dot tone={TONES[run.status]} />
        <span className="sr-only">{messages.runs.status[run.status]}</span>
        <span className="truncate">{sentenceOf(run)}</span>
        <span className="shrink-0 text-fg-3">{subject.connection_name}</span>
        <span className={cx("ml-auto shrink-0 pl-2 tabular-nums", "text-fg-3")}>{asideOf(run, now)}</span>
      </a>
    </li>
  );
}

function sentenceOf({ verb, subject, status, error }: Run): string {
  const { verbs, notices } = messages;
  if (status === "running") return verbs.doing(verb, subject.name);
  if (status === "succeeded") return notices.done(verb, subject.name);
  if (status === "interrupted") return words.interrupted(verbs.doing(verb, subject.name));
  if (status === "cancelled") return words.cancelled(verbs.doing(verb, subject.name));
  const text = notices.failed(verb, subject.name);
  return error ? `${text}: ${error.message}` : text;
}

function asideOf(run: Run, now: number): string {
  if (run.status === "failed") return words.log;
  const at = run.steps.findIndex(({ status }) => status === "running");
  if (run.status === "running" && at >= 0 && run.steps.length > 1)
    return words.step(at + 1, run.steps.length);
  return formatDuration(Math.max(0, (run.ended_at ?? now) - run.started_at));
}
