/* One workspace: its state and actions at the top, its parts in tabs. */
import { ChevronDown, Ellipsis, GitBranch, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { useNow } from "@/app/clock";
import { goTo, paths, WORKSPACE_TABS, type WorkspaceTab } from "@/app/navigation";
import { attempt } from "@/app/operations";
import { connectionStatus, workspaceStatus } from "@/app/status";
import { useConnection, useCore, useWorkspace } from "@/app/store";
import {
  mainAction,
  useWorkspaceActions,
  type WorkspaceAction,
  workspaceMenu,
} from "@/app/workspace-actions";
import {
  Button,
  Chip,
  cx,
  EmptyState,
  ErrorBox,
  formatMoment,
  IconButton,
  Menu,
  type MenuGroups,
  PageHeader,
  StatusDot,
  Tabs,
} from "@/components";
import { connectionConnect, type WorkspaceRef, type WorkspaceView } from "@/ipc";
import { messages } from "@/messages";
import { Overview } from "./Overview";
import { PortsTab } from "./PortsTab";

const words = messages.workspaces;

/** What other features bring to the page. */
export interface WorkspaceParts {
  git: ReactNode;
  logs: ReactNode;
  terminal: ReactNode;
  metrics: ReactNode;
  runs: ReactNode;
  now: ReactNode;
  /** More cards of the overview. */
  cards: ReactNode;
}

export function WorkspacePage({
  workspace,
  tab,
  parts,
}: {
  workspace: WorkspaceRef;
  tab: WorkspaceTab;
  parts: WorkspaceParts;
}) {
  const view = useWorkspace(workspace);
  const isLoaded = useCore((state) => state.loading.at === "ready");
  if (!view) return isLoaded ? <Gone /> : null;
  const own = {
    overview: <Overview view={view} now={parts.now} cards={parts.cards} />,
    ports: <PortsTab view={view} />,
  };
  const content: Record<WorkspaceTab, ReactNode> = { ...parts, ...own };
  return (
    <>
      <Header view={view} />
      <Tabs
        label={words.tabs.label}
        value={tab}
        onChange={(next) => goTo(paths.workspace(workspace, next))}
        tabs={WORKSPACE_TABS.map((value) => ({
          value,
          label: words.tabs[value],
          count: value === "ports" ? view.workspace.ports.length : undefined,
        }))}
      >
        <StaleNotice view={view} />
        {content[tab]}
      </Tabs>
    </>
  );
}

function Gone() {
  const { title, text, action } = words.gone;
  return (
    <EmptyState
      icon={<SearchX />}
      {...{ title, text }}
      actions={<Button onClick={() => goTo(paths.workspaces())}>{action}</Button>}
    />
  );
}

function Header({ view }: { view: WorkspaceView }) {
  const now = useNow(60_000);
  const { workspace } = view;
  const { tone, word } = workspaceStatus(view, now);
  const remark = workspace.state_remark ? ` · ${workspace.state_remark}` : "";
  return (
    <PageHeader
      title={workspace.name}
      parent={{ label: words.title, go: () => goTo(paths.workspaces()) }}
      tools={
        <>
          <StatusDot tone={tone} word={word + remark} />
          {workspace.branch && (
            <Chip mono icon={<GitBranch className="size-3!" />}>
              {workspace.branch}
            </Chip>
          )}
        </>
      }
      actions={<HeaderActions view={view} />}
    />
  );
}

/** Terminal, the main action with its other ways, Start or Stop, and a menu with everything. */
function HeaderActions({ view }: { view: WorkspaceView }) {
  const actions = useWorkspaceActions((state) => state.actions);
  const connection = useConnection(view.workspace_ref.connection_id);
  const groups = workspaceMenu(actions, view, connection);
  const main = mainAction(actions, view, connection);
  const shown = (id: string) => {
    const action = actions.find((other) => other.id === id);
    return action && action !== main && action.when(view, connection) === true ? action : undefined;
  };
  const editors = groups.flat().flatMap(({ entries }) => entries ?? []);
  const ways: MenuGroups = [
    groups.flat().filter(({ id }) => id.startsWith("workspace.open-ide-")),
    editors.filter(({ id }) => id.startsWith("workspace.open-in.")),
  ];
  return (
    <>
      <ActionButton action={shown("workspace.terminal")} view={view} />
      {main && (
        <span className="flex">
          <Button
            tone="main"
            icon={main.icon}
            className={cx(main.id === "workspace.open-ide" && "rounded-r-none!")}
            onClick={() => main.run(view)}
          >
            {main.title(view)}
          </Button>
          {main.id === "workspace.open-ide" && (
            <Menu
              groups={ways}
              trigger={
                <Button
                  tone="main"
                  aria-label={words.actions.openWays}
                  className="rounded-l-none! border-l-on-accent/35! px-1.5!"
                  icon={<ChevronDown className="size-3.5!" />}
                />
              }
            />
          )}
        </span>
      )}
      <ActionButton action={shown("workspace.stop")} view={view} />
      <Menu
        groups={groups}
        trigger={<IconButton label={words.more(view.workspace.name)} icon={<Ellipsis />} />}
      />
    </>
  );
}

function ActionButton({ action, view }: { action: WorkspaceAction | undefined; view: WorkspaceView }) {
  if (!action) return null;
  return (
    <Button icon={action.icon} onClick={() => action.run(view)}>
      {action.title(view)}
    </Button>
  );
}

/** While the server does not answer: since when the page is old, and why. */
function StaleNotice({ view }: { view: WorkspaceView }) {
  const now = useNow();
  const connection = useConnection(view.workspace_ref.connection_id);
  if (view.stale_since === null || !connection) return null;
  const { state } = connection;
  const since = words.stale(view.connection_name, formatMoment(view.stale_since, now));
  const failure =
    state.state === "reconnecting" || state.state === "failed"
      ? {
          ...state.error,
          hint: `${messages.sentence(state.error.message)} ${connectionStatus(state, now).word}.`,
        }
      : { code: "unreachable" as const, hint: connectionStatus(state, now).word, field: null, detail: null };
  return (
    <ErrorBox
      tone="warn"
      className="mx-5 mt-4"
      failure={{ ...failure, message: since }}
      onRetry={() => void attempt(connectionConnect({ connection_id: connection.connection.id }))}
    />
  );
}
