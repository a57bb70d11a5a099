/* What needs a person, most pressing first: questions, connections and tunnels that broke, runs that did not end well. */
import type { CoreState } from "@/app/store";
import type { ConnectionView, Question, Run, TunnelView } from "@/ipc";

export type Need =
  | { kind: "question"; key: string; question: Question }
  | { kind: "connection"; key: string; view: ConnectionView }
  | { kind: "tunnel"; key: string; view: TunnelView }
  | { kind: "run"; key: string; run: Run };

/** Older runs are history; nobody waits for them. */
const RUNS_FOR_MS = 7 * 86_400_000;
/** One lost try is not worth a word: the side bar shows it. */
const TRIES_BEFORE_SAYING = 2;

type Known = Pick<CoreState, "questions" | "connections" | "tunnels" | "runs">;

export function needsOf(known: Known, hidden: readonly string[], now: number): Need[] {
  const needs: Need[] = [
    ...known.questions.map(
      (question): Need => ({ kind: "question", key: `question:${question.id}`, question }),
    ),
    ...known.connections.flatMap(connectionNeed),
    ...Object.values(known.tunnels).flatMap(tunnelNeed),
    ...unsettled(Object.values(known.runs), now).map(
      (run): Need => ({ kind: "run", key: `run:${run.id}`, run }),
    ),
  ];
  return needs.filter(({ key }) => !hidden.includes(key));
}

/** The same connection needs a person again when it fails in another way. */
function connectionNeed(view: ConnectionView): Need[] {
  const { connection, state } = view;
  const isBroken =
    state.state === "failed" || (state.state === "reconnecting" && state.attempt >= TRIES_BEFORE_SAYING);
  if (!isBroken) return [];
  return [
    { kind: "connection", key: `connection:${connection.id}:${state.state}:${state.error.message}`, view },
  ];
}

/** A tunnel that has given up; what tries again by itself needs nobody. */
function tunnelNeed(view: TunnelView): Need[] {
  const { tunnel, state } = view;
  if (state.state !== "failed" && state.state !== "port_taken") return [];
  return [{ kind: "tunnel", key: `tunnel:${tunnel.id}:${state.state}:${state.error.message}`, view }];
}

/** The newest run of each thing, where that one failed or was interrupted. */
function unsettled(runs: readonly Run[], now: number): Run[] {
  const newest = new Map<string, Run>();
  for (const run of runs) {
    const thing = `${run.subject.connection_id}/${run.subject.name}`;
    const known = newest.get(thing);
    if (!known || known.started_at < run.started_at) newest.set(thing, run);
  }
  return [...newest.values()]
    .filter(({ status, started_at }) => isBad(status) && now - started_at < RUNS_FOR_MS)
    .sort((a, b) => b.started_at - a.started_at);
}

const isBad = (status: Run["status"]): boolean => status === "failed" || status === "interrupted";
