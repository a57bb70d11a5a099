import { Activity, SearchX } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useFilterAction } from "@/app/filter-action";
import { useCore } from "@/app/store";
import { Button, EmptyState, ErrorBox, FilterInput, PageHeader, Segments } from "@/components";
import { type AppError, type Run, type RunStatus, runsList, toFailure } from "@/ipc";
import { messages } from "@/messages";
import { RunTable } from "./RunTable";
import { matchingRuns, type RunFilter } from "./select";

const words = messages.runs;
/** Older runs than these are found by searching. */
const LIMIT = 500;
const TYPING_MS = 150;
const NO_FILTER: RunFilter = { search: "", status: null };

type View = "all" | Extract<RunStatus, "running" | "failed" | "interrupted">;

/** All runs. */
export function RunsPage() {
  const known = useCore((state) => state.runs);
  const loading = useCore((state) => state.loading);
  const [filter, setFilter] = useState<RunFilter>(NO_FILTER);
  const { found, failure, again } = useFoundRuns(filter);
  const all = useMemo(() => Object.values({ ...found, ...known }), [found, known]);
  const shown = useMemo(() => matchingRuns(all, filter), [all, filter]);
  const isFiltered = filter.search !== "" || filter.status !== null;
  return (
    <>
      <PageHeader
        title={words.title}
        count={all.length}
        tools={<Tools filter={filter} onFilter={setFilter} />}
      />
      {failure && <ErrorBox failure={failure} onRetry={again} className="mx-5 mt-4" />}
      {shown.length > 0 ? (
        <RunTable runs={shown} label={words.title} />
      ) : loading.at !== "ready" || failure ? null : isFiltered ? (
        <EmptyState
          icon={<SearchX />}
          {...words.noMatch}
          actions={<Button onClick={() => setFilter(NO_FILTER)}>{words.clearFilter}</Button>}
        />
      ) : (
        <EmptyState icon={<Activity />} {...words.none} />
      )}
    </>
  );
}

function Tools({ filter, onFilter }: { filter: RunFilter; onFilter: (filter: RunFilter) => void }) {
  const segments: { value: View; label: string }[] = [
    { value: "all", label: words.all },
    { value: "running", label: words.running },
    { value: "failed", label: words.failed },
    { value: "interrupted", label: words.status.interrupted },
  ];
  const value = segments.find((segment) => segment.value === filter.status)?.value ?? "all";
  const field = useFilterAction("runs.filter", words.filter);
  return (
    <>
      <FilterInput
        ref={field}
        label={words.filter}
        value={filter.search}
        onChange={(search) => onFilter({ ...filter, search })}
      />
      <Segments
        label={words.statusFilter}
        segments={segments}
        value={value}
        onChange={(next) => onFilter({ ...filter, status: next === "all" ? null : next })}
      />
    </>
  );
}

/** What the core finds beyond the runs that are known already. */
function useFoundRuns({ search, status }: RunFilter) {
  const [found, setFound] = useState<Record<string, Run>>({});
  const [failure, setFailure] = useState<AppError | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    let isGone = false;
    const timer = setTimeout(async () => {
      try {
        const runs = await runsList({ search, status, limit: LIMIT });
        if (isGone) return;
        setFound((before) => ({ ...before, ...Object.fromEntries(runs.map((run) => [run.id, run])) }));
        setFailure(null);
      } catch (thrown) {
        if (!isGone) setFailure(toFailure(thrown));
      }
    }, TYPING_MS);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [search, status, attempt]);
  return { found, failure, again: () => setAttempt((count) => count + 1) };
}
