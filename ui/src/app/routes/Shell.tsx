/* The frame around every page: side bar, page, dock, status bar; over it dialogs, questions, notices. */
import { Outlet, useRouterState } from "@tanstack/react-router";
import { CircleAlert } from "lucide-react";
import { Suspense } from "react";
import { useDialogs } from "@/app/dialogs";
import { closePanel, movePanel, setDockOpen, showPanel, sideOf, useDock } from "@/app/dock";
import { Sidebar } from "@/app/shell/Sidebar";
import { StatusBar } from "@/app/shell/StatusBar";
import { findWorkspace, useCore } from "@/app/store";
import { dismissToast, useToasts } from "@/app/toasts";
import { Dock, ErrorBox, Toasts } from "@/components";
import { Links } from "@/features/links";
import { Bell } from "@/features/notifications";
import { PaletteLayer } from "@/features/palette";
import { Questions } from "@/features/questions";
import { openTerminal } from "@/features/terminal";
import { messages } from "@/messages";
import { followLink } from "./follow";
import { Dialogs } from "./later";
import { useShell } from "./useShell";
import { WelcomeRoute } from "./welcome";

export function Shell() {
  useShell();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const hasDialog = useDialogs((state) => state.open !== null);
  const toasts = useToasts((state) => state.toasts);
  const isFirstRun = useCore((state) => state.loading.at === "ready" && state.connections.length === 0);
  const showsWelcome = isFirstRun && (path.startsWith("/workspaces") || path.startsWith("/home"));
  return (
    <div className="flex h-full flex-col">
      <div className="flex min-h-0 grow">
        {!showsWelcome && <Sidebar path={path} bell={<Bell />} />}
        <main className="flex min-w-0 grow flex-col">
          {showsWelcome ? (
            <WelcomeRoute />
          ) : (
            <ShellDock>
              <Page />
            </ShellDock>
          )}
        </main>
      </div>
      {!showsWelcome && <StatusBar />}
      {hasDialog && (
        <Suspense fallback={null}>
          <Dialogs />
        </Suspense>
      )}
      <PaletteLayer />
      <Links onFollow={followLink} />
      <Questions />
      <Toasts toasts={toasts} onDismiss={dismissToast} />
    </div>
  );
}

/** The page, once there is something to show; else nothing yet, or why there is nothing. */
function Page() {
  const loading = useCore((state) => state.loading);
  if (loading.at === "loading")
    return <p className="appear-late m-auto text-fg-3">{messages.shell.loading}</p>;
  if (loading.at === "ready") return <Outlet />;
  return (
    <div className="m-auto flex w-full max-w-130 flex-col gap-3 px-6">
      <h1 className="flex items-center gap-2 font-semibold text-title">
        <CircleAlert className="text-err" /> {messages.shell.loadFailed}
      </h1>
      <ErrorBox failure={loading.failure} onRetry={() => location.reload()} />
    </div>
  );
}

function ShellDock({ children }: { children: React.ReactNode }) {
  const { panels, right, shown, activeId, isOpen } = useDock();
  const side = (id: string | null) => sideOf({ right }, id);
  const workspace = panels.find(({ id }) => id === activeId)?.workspace;
  const canAdd = useCore((state) => {
    if (!workspace) return false;
    // A node of a lab is no workspace, and can have several consoles too.
    const known = findWorkspace(state, workspace);
    const server = state.connections.find(({ connection }) => connection.id === workspace.connection_id);
    return known ? known.workspace.state === "running" : server?.labs?.console === true;
  });
  const roundTrip = useCore(({ connections }) => {
    const state = connections.find(({ connection }) => connection.id === workspace?.connection_id)?.state;
    return state?.state === "connected" ? state.round_trip_ms : null;
  });
  return (
    <Dock
      tabs={panels}
      sideOf={side}
      shown={shown}
      activeSide={side(activeId)}
      isOpen={isOpen}
      onActivate={showPanel}
      onClose={closePanel}
      onMove={movePanel}
      onHide={() => setDockOpen(false)}
      onAdd={workspace && canAdd ? () => openTerminal(workspace) : undefined}
      status={roundTrip === null ? undefined : messages.dock.roundTrip(roundTrip)}
    >
      {children}
    </Dock>
  );
}
