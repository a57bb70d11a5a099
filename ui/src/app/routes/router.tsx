import { createRootRoute, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router";
import { history } from "@/app/navigation";
import { RunDetailPage, RunsPage } from "@/features/runs";

const root = createRootRoute({ component: Outlet });

const index = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/runs" });
  },
});
const runs = createRoute({ getParentRoute: () => root, path: "/runs", component: RunsPage });
const run = createRoute({
  getParentRoute: () => root,
  path: "/runs/$runId",
  component: () => <RunDetailPage runId={run.useParams().runId} />,
});

export const router = createRouter({ routeTree: root.addChildren([index, runs, run]), history });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
