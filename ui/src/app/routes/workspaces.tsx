import { SquareTerminal } from "lucide-react";
import type { WorkspaceTab } from "@/app/navigation";
import { Button, EmptyState, Sparkline } from "@/components";
import { GitTab } from "@/features/git";
import { LogView } from "@/features/logs";
import { MetricsView, NowCard, useCpuSparkline } from "@/features/metrics";
import { SshCard } from "@/features/open-in";
import { RunList } from "@/features/runs";
import { SharedSessionsCard } from "@/features/shared-sessions";
import { likelySize, openTerminal, showTerminal } from "@/features/terminal";
import { WorkspacePage, WorkspacesPage } from "@/features/workspaces";
import type { WorkspaceRef } from "@/ipc";
import { messages } from "@/messages";

const words = messages.workspaces;

export function WorkspacesRoute() {
  return <WorkspacesPage cpu={cpuLine} />;
}

const cpuLine = (workspace: WorkspaceRef, name: string) => <CpuLine workspace={workspace} name={name} />;

function CpuLine({ workspace, name }: { workspace: WorkspaceRef; name: string }) {
  const values = useCpuSparkline(workspace);
  return <Sparkline values={values} label={words.cpuOf(name)} />;
}

export function WorkspaceRoute({ workspace, tab }: { workspace: WorkspaceRef; tab: WorkspaceTab }) {
  return (
    <WorkspacePage
      workspace={workspace}
      tab={tab}
      parts={{
        git: <GitTab workspace={workspace} />,
        logs: <LogView workspace={workspace} />,
        terminal: <TerminalTab workspace={workspace} />,
        metrics: <MetricsView workspace={workspace} />,
        runs: <RunList workspace={workspace} />,
        now: <NowCard workspace={workspace} />,
        cards: (
          <>
            <SshCard workspace={workspace} />
            <SharedSessionsCard workspace={workspace} size={likelySize} onOpened={showTerminal} />
          </>
        ),
      }}
    />
  );
}

/** Terminals live in the dock; the tab leads there. */
function TerminalTab({ workspace }: { workspace: WorkspaceRef }) {
  return (
    <EmptyState
      icon={<SquareTerminal />}
      title={words.terminal.title}
      text={words.terminal.text}
      actions={<Button onClick={() => openTerminal(workspace)}>{words.terminal.open}</Button>}
    />
  );
}
