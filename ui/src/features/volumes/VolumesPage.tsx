import { Download, HardDrive, RefreshCw, ServerOff } from "lucide-react";
import { useState } from "react";
import { goTo, paths } from "@/app/navigation";
import { useCore } from "@/app/store";
import { Button, EmptyState, ErrorBox, IconButton, PageHeader, Select } from "@/components";
import type { ConnectionId, ConnectionView, VolumeInfo } from "@/ipc";
import { messages } from "@/messages";
import { ImportDialog } from "./ImportDialog";
import { RemoveVolumeDialog } from "./RemoveVolumeDialog";
import { useVolumes } from "./useVolumes";
import { VolumeTable } from "./VolumeTable";

const words = messages.volumes;

const hasVolumes = ({ state, abilities }: ConnectionView): boolean =>
  state.state === "connected" && abilities?.volumes === true;

/** What is kept on a server: who uses it, how large it is, and carrying it out and in. */
export function VolumesPage() {
  const connections = useCore((state) => state.connections);
  const servers = connections.filter(hasVolumes);
  const [chosen, setChosen] = useState<ConnectionId | null>(null);
  const server = servers.find(({ connection }) => connection.id === chosen) ?? servers[0];
  if (!server) return <NoServer />;
  return <OfServer key={server.connection.id} {...{ server, servers }} onServer={setChosen} />;
}

function NoServer() {
  const { title, text, action } = words.noServer;
  return (
    <>
      <PageHeader title={words.title} />
      <EmptyState
        icon={<ServerOff />}
        {...{ title, text }}
        actions={<Button onClick={() => goTo(paths.connections())}>{action}</Button>}
      />
    </>
  );
}

interface OfServerProps {
  server: ConnectionView;
  servers: readonly ConnectionView[];
  onServer: (id: ConnectionId) => void;
}

function OfServer({ server, servers, onServer }: OfServerProps) {
  const { id, name } = server.connection;
  const { volumes, failure, again } = useVolumes(id);
  const isDesktop = useCore((state) => state.info?.is_desktop === true);
  const [isImporting, setImporting] = useState(false);
  const [removed, setRemoved] = useState<VolumeInfo | null>(null);
  return (
    <>
      <PageHeader
        title={words.title}
        count={volumes?.length}
        tools={
          <Select
            aria-label={words.server}
            value={id}
            options={servers.map(({ connection }) => ({ value: connection.id, label: connection.name }))}
            onChange={onServer}
            className="h-7! w-44!"
          />
        }
        actions={
          <>
            <IconButton framed label={words.refresh} icon={<RefreshCw />} onClick={again} />
            <Button
              icon={<Download />}
              disabled={!isDesktop}
              title={isDesktop ? undefined : words.onlyDesktop}
              onClick={() => setImporting(true)}
            >
              {words.importFrom}
            </Button>
          </>
        }
      />
      {failure && (
        <div className="p-5 pb-0">
          <ErrorBox failure={failure} onRetry={again} />
        </div>
      )}
      {!volumes && !failure && <p className="appear-late p-5 text-fg-3">{words.loading(name)}</p>}
      {volumes?.length === 0 && (
        <EmptyState icon={<HardDrive />} title={words.none.title(name)} text={words.none.text} />
      )}
      {volumes && volumes.length > 0 && (
        <VolumeTable connectionId={id} {...{ volumes, isDesktop }} onRemove={setRemoved} />
      )}
      {isImporting && (
        <ImportDialog
          connectionId={id}
          server={name}
          taken={volumes?.map((volume) => volume.name) ?? []}
          onClose={() => setImporting(false)}
        />
      )}
      {removed && (
        <RemoveVolumeDialog
          connectionId={id}
          server={name}
          volume={removed}
          canExport={isDesktop}
          onClose={() => setRemoved(null)}
        />
      )}
    </>
  );
}
