import { memo } from "react";
import { useNow } from "@/app/clock";
import { goTo, paths } from "@/app/navigation";
import { cx, formatMoment, TableHead, useRovingRows } from "@/components";
import type { Run } from "@/ipc";
import { messages } from "@/messages";
import { RunStatusDot } from "./status";
import { runDuration } from "./times";

const words = messages.runs;
const COLUMNS = "grid grid-cols-[128px_minmax(0,1.6fr)_minmax(0,1fr)_120px_96px] items-center gap-4 px-5";
const NARROW = "narrow:grid-cols-[128px_minmax(0,1.6fr)_minmax(0,1fr)_96px]";

const HEAD = [
  { title: words.columns.status },
  { title: words.columns.run },
  { title: words.columns.server },
  { title: words.columns.started, isWide: true },
  { title: words.columns.duration, isRight: true },
];

/** Runs as a list; Enter or a click opens one. */
export function RunTable({ runs, label }: { runs: readonly Run[]; label: string }) {
  const open = (run: Run | undefined) => run && goTo(paths.run(run.id));
  const { rowProps, onKeyDown } = useRovingRows({ count: runs.length, onOpen: (index) => open(runs[index]) });
  return (
    <div
      role="grid"
      aria-label={label}
      aria-rowcount={runs.length + 1}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className="flex min-h-0 grow flex-col overflow-y-auto"
    >
      <TableHead grid={cx(COLUMNS, NARROW)} columns={HEAD} />
      {runs.map((run, index) => (
        <div
          key={run.id}
          {...rowProps(index)}
          role="row"
          onClick={() => open(run)}
          className={cx(
            COLUMNS,
            NARROW,
            "eased h-(--row) shrink-0 border-b -outline-offset-2! hover:bg-hover focus-visible:bg-selected",
          )}
        >
          <RunCells run={run} />
        </div>
      ))}
    </div>
  );
}

const RunCells = memo(function RunCells({ run }: { run: Run }) {
  const now = useNow(run.status === "running" ? 1000 : 60_000);
  return (
    <>
      <span role="gridcell" className="flex min-w-0">
        <RunStatusDot status={run.status} />
      </span>
      <span role="gridcell" className="min-w-0 truncate">
        <span className="text-fg-2">{words.verb(run.verb)}</span>{" "}
        <span className="font-[550]">{run.subject.name}</span>
        {run.error && <span className="text-fg-3"> · {run.error.message}</span>}
      </span>
      <span role="gridcell" className="truncate text-fg-2">
        {run.subject.connection_name}
      </span>
      <span role="gridcell" className="truncate text-fg-2 narrow:hidden">
        {formatMoment(run.started_at, now)}
      </span>
      <span role="gridcell" className="text-right text-fg-2">
        {runDuration(run, now)}
      </span>
    </>
  );
});
