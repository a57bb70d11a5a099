import { useNow } from "@/app/clock";
import { goTo, paths } from "@/app/navigation";
import { attempt } from "@/app/operations";
import { useCore } from "@/app/store";
import { formatMoment, secondsUntil } from "@/components";
import { type ConnectionView, connectionConnect, type WorkspaceView } from "@/ipc";
import { messages } from "@/messages";

const words = messages.workspaces;

/** Below the rows: which of them are old, since when, why, and what can be done. */
export function StaleNotes({ rows }: { rows: readonly WorkspaceView[] }) {
  const connections = useCore((state) => state.connections);
  const since = new Map<string, number>();
  for (const { workspace_ref: ref, stale_since } of rows)
    if (stale_since !== null) since.set(ref.connection_id, stale_since);
  const stale = connections.filter(({ connection }) => since.has(connection.id));
  return stale.map((view) => (
    <StaleNote key={view.connection.id} view={view} since={since.get(view.connection.id) ?? 0} />
  ));
}

function StaleNote({ view, since }: { view: ConnectionView; since: number }) {
  const now = useNow();
  const { connection, state } = view;
  const error = state.state === "reconnecting" || state.state === "failed" ? state.error : null;
  return (
    <p className="px-5 pt-3 text-fg-3">
      {words.rowsFrom} <strong className="font-semibold text-fg-2">{connection.name}</strong>{" "}
      {words.areFrom(formatMoment(since, now))} {error && messages.sentence(error.message)}{" "}
      {state.state === "reconnecting" && words.nextTry(secondsUntil(state.next_try_at, now))}{" "}
      <span className="inline-flex gap-2 whitespace-nowrap pl-1">
        {state.state !== "connected" && state.state !== "connecting" && (
          <button
            type="button"
            className="rounded-control text-accent hover:underline"
            onClick={() => void attempt(connectionConnect({ connection_id: connection.id }))}
          >
            {words.tryNow}
          </button>
        )}
        <button
          type="button"
          className="rounded-control text-accent hover:underline"
          onClick={() => goTo(paths.connection(connection.id))}
        >
          {words.showConnection}
        </button>
      </span>
    </p>
  );
}
