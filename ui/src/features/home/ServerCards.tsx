import { type ReactNode, useMemo } from "react";
import { useNow } from "@/app/clock";
import { goTo, paths } from "@/app/navigation";
import { connect } from "@/app/operations";
import { connectionRemark, connectionStatus, labStatus, workspaceStatus } from "@/app/status";
import { labKey, useCore, workspaceKey } from "@/app/store";
import { cx, Dot, formatAge, formatBytes, formatMoment } from "@/components";
import type { ConnectionView, LabView, ServerInfo, WorkspaceRef, WorkspaceView } from "@/ipc";
import { messages } from "@/messages";

const words = messages.home;
/** Rows of a card; the list has them all. */
const ROWS = 3;
const NONE: WorkspaceView[] = [];
const NO_LABS: LabView[] = [];

export type CpuCell = (workspace: WorkspaceRef, name: string) => ReactNode;

/** One card for each server, with its most important workspaces. */
export function ServerCards({ cpu }: { cpu: CpuCell }) {
  const connections = useCore((state) => state.connections);
  return (
    <ul aria-label={words.servers} className="grid grid-cols-[repeat(auto-fill,minmax(296px,1fr))] gap-3.5">
      {connections.map((view) => (
        <li key={view.connection.id} className="flex">
          <ServerCard view={view} cpu={cpu} />
        </li>
      ))}
    </ul>
  );
}

function ServerCard({ view, cpu }: { view: ConnectionView; cpu: CpuCell }) {
  const now = useNow();
  const { id, name, kind } = view.connection;
  const all = useCore((state) => state.workspaces[id] ?? NONE);
  const labs = useCore((state) => state.labs[id] ?? NO_LABS);
  const labRows = useMemo(() => [...labs].sort(byLabImportance).slice(0, ROWS), [labs]);
  const kindTitle = useCore(
    (state) => state.descriptors.find((descriptor) => descriptor.kind === kind)?.title ?? kind,
  );
  const rows = useMemo(() => [...all].sort(byImportance).slice(0, ROWS), [all]);
  const { tone, word } = connectionStatus(view.state, now);
  return (
    <section aria-label={name} className="flex min-w-0 grow flex-col rounded-card border bg-panel">
      <header className="flex h-9 shrink-0 items-center gap-2 border-b px-3">
        <Dot tone={tone} />
        <h2 className="max-w-[60%] shrink-0 truncate font-semibold">
          <a href={`#${paths.connection(id)}`} className="rounded-control hover:underline">
            {name}
          </a>
        </h2>
        <span className="shrink-0 text-fg-3">{kindTitle}</span>
        <span className={cx("ml-auto truncate", tone === "err" ? "text-err" : "text-fg-3")}>
          {tone === "ok" ? connectionRemark(view.state, now) || word : word}
        </span>
      </header>
      <ul className="grow py-1.5">
        {rows.map((row) => (
          <WorkspaceLine key={workspaceKey(row.workspace_ref)} view={row} cpu={cpu} />
        ))}
        {labRows.map((row) => (
          <LabLine key={labKey(row.lab_ref)} view={row} />
        ))}
        {rows.length + labRows.length === 0 && (
          <li className="px-3 py-1 text-fg-3">
            {view.state.state !== "connected"
              ? words.notListed
              : view.labs
                ? words.noLabs
                : words.noWorkspaces}
          </li>
        )}
      </ul>
      <CardFoot view={view} all={all} labs={labs} now={now} />
    </section>
  );
}

function WorkspaceLine({ view, cpu }: { view: WorkspaceView; cpu: CpuCell }) {
  const now = useNow(60_000);
  const { workspace, workspace_ref: ref, stale_since } = view;
  const { tone, word } = workspaceStatus(view, now);
  const isLive = workspace.state === "running" && stale_since === null;
  const since = workspace.started_at ?? workspace.created_at;
  return (
    <li>
      <a
        href={`#${paths.workspace(ref)}`}
        title={`${workspace.name}: ${word}`}
        className="eased flex h-7.5 items-center gap-2.5 px-3 -outline-offset-2! hover:bg-hover"
      >
        <Dot tone={tone} />
        <span className="sr-only">{word}</span>
        <span className={cx("min-w-0 grow truncate", stale_since !== null && "text-fg-3")}>
          {workspace.name}
        </span>
        {isLive ? (
          cpu(ref, workspace.name)
        ) : (
          <span className={cx("shrink-0", tone === "err" ? "text-err" : "text-fg-3")}>
            {stale_since !== null
              ? formatMoment(stale_since, now)
              : workspace.state === "stopped" || workspace.state === "created"
                ? since === null
                  ? word
                  : formatAge(since, now)
                : word}
          </span>
        )}
      </a>
    </li>
  );
}

/** A lab with its nodes. */
function LabLine({ view }: { view: LabView }) {
  const now = useNow(60_000);
  const { lab, lab_ref, stale_since } = view;
  const { tone, word } = labStatus(view, now);
  const { nodes_running: running, nodes_total: total } = lab;
  const isLive = stale_since === null && total !== null && running !== null && running > 0;
  return (
    <li>
      <a
        href={`#${paths.lab(lab_ref)}`}
        title={`${lab.name}: ${word}`}
        className="eased flex h-7.5 items-center gap-2.5 px-3 -outline-offset-2! hover:bg-hover"
      >
        <Dot tone={tone} />
        <span className="sr-only">{word}</span>
        <span className={cx("min-w-0 grow truncate", stale_since !== null && "text-fg-3")}>{lab.name}</span>
        <span className={cx("shrink-0 tabular-nums", tone === "err" ? "text-err" : "text-fg-3")}>
          {stale_since !== null
            ? formatMoment(stale_since, now)
            : isLive
              ? words.labNodes(running, total)
              : word}
        </span>
      </a>
    </li>
  );
}

interface CardFootProps {
  view: ConnectionView;
  all: readonly WorkspaceView[];
  labs: readonly LabView[];
  now: number;
}

function CardFoot({ view, all, labs, now }: CardFootProps) {
  const { id } = view.connection;
  const running = all.filter(({ workspace }) => workspace.state === "running").length;
  const labsRunning = labs.filter(({ lab }) => lab.state === "running" || lab.state === "partly").length;
  const stale = all.find(({ stale_since }) => stale_since !== null)?.stale_since;
  const hidden = Math.max(0, all.length - ROWS) + Math.max(0, labs.length - ROWS);
  const isIdle = view.state.state === "disconnected" || view.state.state === "failed";
  const facts =
    view.state.state === "connected"
      ? [
          ...serverFacts(view.server),
          ...(all.length > 0 ? [words.running(running, all.length)] : []),
          ...(labs.length > 0 ? [words.labsRunning(labsRunning, labs.length)] : []),
        ]
      : [stale ? words.asOf(all.length, formatMoment(stale, now)) : ""];
  if (facts.every((fact) => fact === "") && !isIdle) return null;
  return (
    <footer className="flex h-9 shrink-0 items-center gap-2 border-t px-3 text-fg-3">
      <span className="min-w-0 grow truncate">{facts.filter(Boolean).join(" · ")}</span>
      {hidden > 0 && (
        <button
          type="button"
          className="shrink-0 rounded-control text-accent hover:underline"
          onClick={() => goTo(labs.length > 0 ? paths.labs() : paths.workspaces())}
        >
          {words.more(hidden)}
        </button>
      )}
      {isIdle && (
        <button
          type="button"
          className="shrink-0 rounded-control text-accent hover:underline"
          aria-label={messages.shell.connectNow(view.connection.name)}
          onClick={() => void connect(id)}
        >
          {words.connect}
        </button>
      )}
    </footer>
  );
}

function serverFacts(server: ServerInfo | null): string[] {
  if (!server) return [];
  const { cpus, memory_bytes: total, memory_free_bytes: free } = server;
  return [
    ...(cpus ? [words.cores(cpus)] : []),
    ...(total !== null && free !== null ? [words.memory(...sameUnit(total - free, total))] : []),
  ];
}

/** "21" of "64 GiB" where both have the same unit. */
function sameUnit(used: number, total: number): [string, string] {
  const [a, b] = [formatBytes(used), formatBytes(total)];
  const [value = a, unit] = a.split(" ");
  return [b.endsWith(` ${unit}`) ? value : a, b];
}

const RANK: Partial<Record<WorkspaceView["workspace"]["state"], number>> = {
  error: 0,
  starting: 1,
  stopping: 1,
  removing: 1,
  running: 2,
};

/** Favourites, then what is broken or busy, then what runs, then the rest by name. */
function byImportance(a: WorkspaceView, b: WorkspaceView): number {
  const rank = ({ workspace, is_favourite }: WorkspaceView) =>
    is_favourite ? -1 : (RANK[workspace.state] ?? 3);
  return rank(a) - rank(b) || a.workspace.name.localeCompare(b.workspace.name, "en", { numeric: true });
}

const LAB_RANK: Partial<Record<LabView["lab"]["state"], number>> = {
  failed: 0,
  partly: 1,
  starting: 1,
  stopping: 1,
  running: 2,
};

/** The same for labs. */
function byLabImportance(a: LabView, b: LabView): number {
  const rank = ({ lab, is_favourite }: LabView) => (is_favourite ? -1 : (LAB_RANK[lab.state] ?? 3));
  return rank(a) - rank(b) || a.lab.name.localeCompare(b.lab.name, "en", { numeric: true });
}
