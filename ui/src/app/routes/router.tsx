/* Which page stands at which address. Pages of features get here what other features bring. */
import { createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { history, WORKSPACE_TABS, type WorkspaceTab } from "@/app/navigation";
import { ConnectionsPage } from "@/features/connections";
import { ImagesPage } from "@/features/images";
import { LogPage } from "@/features/log-page";
import { RunDetailPage, RunsPage } from "@/features/runs";
import { SupportPage } from "@/features/support";
import { VolumesPage } from "@/features/volumes";
import { DoctorRoute, SetupRoute } from "./connection-pages";
import { HomeRoute } from "./home";
import { NotFound } from "./NotFound";
import { Shell } from "./Shell";
import { SettingsRoute } from "./settings";
import { WorkspaceRoute, WorkspacesRoute } from "./workspaces";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });
const at = <Path extends string>(path: Path) => ({ getParentRoute: () => root, path });

const index = createRoute({
  ...at("/"),
  beforeLoad: () => {
    throw redirect({ to: "/home", replace: true });
  },
});
const home = createRoute({ ...at("/home"), component: HomeRoute });
const workspaces = createRoute({ ...at("/workspaces"), component: WorkspacesRoute });
const workspace = createRoute({
  ...at("/workspaces/$connectionId/$workspaceId/$tab"),
  component: () => {
    const { connectionId, workspaceId, tab } = workspace.useParams();
    return (
      <WorkspaceRoute
        key={`${connectionId}/${workspaceId}`}
        workspace={{ connection_id: connectionId, workspace_id: workspaceId }}
        tab={WORKSPACE_TABS.find((known): known is WorkspaceTab => known === tab) ?? "overview"}
      />
    );
  },
});
const images = createRoute({ ...at("/images"), component: ImagesPage });
const volumes = createRoute({ ...at("/volumes"), component: VolumesPage });
const runs = createRoute({ ...at("/runs"), component: RunsPage });
const run = createRoute({
  ...at("/runs/$runId"),
  component: () => {
    const { runId } = run.useParams();
    return <RunDetailPage key={runId} runId={runId} />;
  },
});
const connections = createRoute({ ...at("/connections"), component: () => <ConnectionsPage /> });
const connection = createRoute({
  ...at("/connections/$connectionId"),
  component: () => <ConnectionsPage connectionId={connection.useParams().connectionId} />,
});
const connectionTest = createRoute({
  ...at("/connections/$connectionId/test"),
  component: () => {
    const { connectionId } = connectionTest.useParams();
    return <DoctorRoute key={connectionId} id={connectionId} />;
  },
});
const connectionSetup = createRoute({
  ...at("/connections/$connectionId/set-up"),
  component: () => {
    const { connectionId } = connectionSetup.useParams();
    return <SetupRoute key={connectionId} id={connectionId} />;
  },
});
const settings = createRoute({ ...at("/settings"), component: () => <SettingsRoute /> });
const settingsSection = createRoute({
  ...at("/settings/$section"),
  component: () => <SettingsRoute section={settingsSection.useParams().section} />,
});
const log = createRoute({ ...at("/log"), component: LogPage });
const support = createRoute({ ...at("/support"), component: SupportPage });

export const router = createRouter({
  routeTree: root.addChildren([
    index,
    home,
    workspaces,
    workspace,
    images,
    volumes,
    runs,
    run,
    connections,
    connection,
    connectionTest,
    connectionSetup,
    settings,
    settingsSection,
    log,
    support,
  ]),
  history,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
