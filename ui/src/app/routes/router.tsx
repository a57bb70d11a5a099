/* Which page stands at which address. The first page is here, all others come a moment later. */
import { createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { history } from "@/app/navigation";
import { HomeRoute } from "./home";
import { laterPage } from "./later";
import { NotFound } from "./NotFound";
import { Shell } from "./Shell";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });
const at = <Path extends string>(path: Path) => ({ getParentRoute: () => root, path });

const index = createRoute({
  ...at("/"),
  beforeLoad: () => {
    throw redirect({ to: "/home", replace: true });
  },
});
const home = createRoute({ ...at("/home"), component: HomeRoute });
const workspaces = createRoute({ ...at("/workspaces"), component: laterPage("WorkspacesRoute") });
const workspace = createRoute({
  ...at("/workspaces/$connectionId/$workspaceId/$tab"),
  component: laterPage("WorkspaceAt"),
});
const labs = createRoute({ ...at("/labs"), component: laterPage("LabsPage") });
const lab = createRoute({ ...at("/labs/$connectionId/$labId/$tab"), component: laterPage("LabAt") });
const templates = createRoute({ ...at("/labs/templates"), component: laterPage("TemplatesPage") });
const tunnels = createRoute({ ...at("/tunnels"), component: laterPage("TunnelsAt") });
// The list stays as it is while one tunnel after the other is looked at.
const tunnel = createRoute({ getParentRoute: () => tunnels, path: "$tunnelId" });
const images = createRoute({ ...at("/images"), component: laterPage("ImagesPage") });
const volumes = createRoute({ ...at("/volumes"), component: laterPage("VolumesPage") });
const runs = createRoute({ ...at("/runs"), component: laterPage("RunsPage") });
const run = createRoute({ ...at("/runs/$runId"), component: laterPage("RunAt") });
const connections = createRoute({ ...at("/connections"), component: laterPage("AllConnections") });
const connection = createRoute({
  ...at("/connections/$connectionId"),
  component: laterPage("ConnectionAt"),
});
const connectionTest = createRoute({
  ...at("/connections/$connectionId/test"),
  component: laterPage("TestAt"),
});
const connectionSetup = createRoute({
  ...at("/connections/$connectionId/set-up"),
  component: laterPage("SetupAt"),
});
const settings = createRoute({ ...at("/settings"), component: laterPage("AllSettings") });
const settingsSection = createRoute({
  ...at("/settings/$section"),
  component: laterPage("SettingsAt"),
});
const log = createRoute({ ...at("/log"), component: laterPage("LogPage") });
const support = createRoute({ ...at("/support"), component: laterPage("SupportPage") });

export const router = createRouter({
  routeTree: root.addChildren([
    index,
    home,
    workspaces,
    workspace,
    labs,
    lab,
    templates,
    tunnels.addChildren([tunnel]),
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
