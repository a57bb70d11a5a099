/* Pages of one connection that bring several features together: its test, its server's set-up. */
import { Plug } from "lucide-react";
import { goTo, paths } from "@/app/navigation";
import { useCore } from "@/app/store";
import { Button, EmptyState } from "@/components";
import { EditConnection } from "@/features/connections";
import { DoctorPage } from "@/features/doctor";
import { RunPanel } from "@/features/runs";
import { SetupPage } from "@/features/setup";
import type { ConnectionId, ConnectionView } from "@/ipc";
import { messages } from "@/messages";

export function DoctorRoute({ id }: { id: ConnectionId }) {
  const view = useConnection(id);
  const descriptor = useCore((state) => state.descriptors.find(({ kind }) => kind === view?.connection.kind));
  if (!view) return <Gone />;
  return (
    <DoctorPage
      view={view}
      descriptor={descriptor}
      onImage={() => goTo(paths.images())}
      form={(slot) => <EditConnection key={versionOf(view)} view={view} isBare {...slot} />}
    />
  );
}

export function SetupRoute({ id }: { id: ConnectionId }) {
  const view = useConnection(id);
  if (!view) return <Gone />;
  return <SetupPage view={view} renderRun={(runId) => <RunPanel runId={runId} />} />;
}

const useConnection = (id: ConnectionId) =>
  useCore((state) => state.connections.find(({ connection }) => connection.id === id));

/** A form begins anew when what is stored changes. */
const versionOf = ({ connection, ssh_host, jumps }: ConnectionView) =>
  JSON.stringify([connection, ssh_host, jumps]);

function Gone() {
  const { title, text, action } = messages.connections.gone;
  return (
    <EmptyState
      icon={<Plug />}
      {...{ title, text }}
      actions={<Button onClick={() => goTo(paths.connections())}>{action}</Button>}
    />
  );
}
