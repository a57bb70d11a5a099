/* Every page but the first, in one file of its own: read when the first page has been drawn. */
import { useParams } from "@tanstack/react-router";
import { WORKSPACE_TABS, type WorkspaceTab } from "@/app/navigation";
import { ConnectionsPage } from "@/features/connections";
import { RunDetailPage } from "@/features/runs";
import { TunnelsPage } from "@/features/tunnels";
import { DoctorRoute, SetupRoute } from "./connection-pages";
import { SettingsRoute } from "./settings";
import { WorkspaceRoute } from "./workspaces";

export { ImagesPage } from "@/features/images";
export { LabsPage, TemplatesPage } from "@/features/labs";
export { LogPage } from "@/features/log-page";
export { RunsPage } from "@/features/runs";
export { SupportPage } from "@/features/support";
export { VolumesPage } from "@/features/volumes";
export { Dialogs } from "./Dialogs";
export { LabAt } from "./labs";
export { WorkspacesRoute } from "./workspaces";

export function WorkspaceAt() {
  const { connectionId, workspaceId, tab } = useParams({
    from: "/workspaces/$connectionId/$workspaceId/$tab",
  });
  return (
    <WorkspaceRoute
      key={`${connectionId}/${workspaceId}`}
      workspace={{ connection_id: connectionId, workspace_id: workspaceId }}
      tab={WORKSPACE_TABS.find((known): known is WorkspaceTab => known === tab) ?? "overview"}
    />
  );
}

export function RunAt() {
  const { runId } = useParams({ from: "/runs/$runId" });
  return <RunDetailPage key={runId} runId={runId} />;
}

export function TunnelsAt() {
  const { tunnelId } = useParams({ strict: false });
  return <TunnelsPage tunnelId={tunnelId} />;
}

export const AllConnections = () => <ConnectionsPage />;

export function ConnectionAt() {
  return <ConnectionsPage connectionId={useParams({ from: "/connections/$connectionId" }).connectionId} />;
}

export function TestAt() {
  const { connectionId } = useParams({ from: "/connections/$connectionId/test" });
  return <DoctorRoute key={connectionId} id={connectionId} />;
}

export function SetupAt() {
  const { connectionId } = useParams({ from: "/connections/$connectionId/set-up" });
  return <SetupRoute key={connectionId} id={connectionId} />;
}

export const AllSettings = () => <SettingsRoute />;

export function SettingsAt() {
  return <SettingsRoute section={useParams({ from: "/settings/$section" }).section} />;
}
