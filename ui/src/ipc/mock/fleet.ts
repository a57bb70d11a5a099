/* Fifty servers with twenty workspaces each, for the benchmark of the list; on demand all of them change at
   once, and again and again. */
import type { WireHandlers } from "../contract";
import type { ConnectionView, WorkspaceView } from "../generated/types";

const SERVERS = 50;
const EACH = 20;
/** Between two changes of everything. */
const STORM_MS = 1_000;
const STATES = ["running", "running", "running", "stopped", "error"] as const;

const encoder = new TextEncoder();

export function fleetConnections(model: ConnectionView): ConnectionView[] {
  return Array.from({ length: SERVERS }, (_, at) => {
    const id = `forge-${at}`;
    return { ...model, connection: { ...model.connection, id, name: id }, workspace_count: EACH };
  });
}

export function fleetWorkspaces(models: readonly WorkspaceView[]): WorkspaceView[] {
  return Array.from({ length: SERVERS * EACH }, (_, index) => {
    const model = models[index % 5] as WorkspaceView;
    const server = `forge-${Math.floor(index / EACH)}`;
    const name = `${model.workspace.name}-${index}`;
    return {
      ...model,
      workspace_ref: { connection_id: server, workspace_id: name },
      connection_name: server,
      stale_since: null,
      workspace: { ...model.workspace, id: name, name, state: STATES[index % STATES.length] ?? "running" },
      forwards: [],
    };
  });
}

let storm: ReturnType<typeof setInterval> | undefined;

/** Changes every row of every server, and measures every one, for as long as the page is open. What is sent
    is made before, because a core would make it elsewhere. */
export function startStorm(wire: () => WireHandlers | null, rows: readonly WorkspaceView[], stream: number) {
  const rounds = STATES.map((_, round) =>
    rows.map((view, index) => {
      const state = STATES[(index + round) % STATES.length] ?? "running";
      return { ...view, workspace: { ...view.workspace, state, state_remark: `round ${round}` } };
    }),
  );
  const lines = rows.map(
    ({ workspace_ref }) => `{"workspace":${JSON.stringify(workspace_ref)},"samples":[{"at":`,
  );
  let round = 0;
  clearInterval(storm);
  storm = setInterval(() => {
    round += 1;
    const changed = rounds[round % rounds.length] ?? [];
    for (let server = 0; server < SERVERS; server += 1)
      wire()?.event({
        type: "core",
        event: "workspaces",
        connection_id: `forge-${server}`,
        workspaces: changed.slice(server * EACH, (server + 1) * EACH),
      });
    const sample = `${Date.now()},"cpu_percent":${(round * 13) % 100},"memory_bytes":1073741824}]}\n`;
    wire()?.chunk(stream, encoder.encode(lines.join(sample) + sample));
  }, STORM_MS);
}
