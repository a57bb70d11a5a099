import { CircleX, Plus, RefreshCw } from "lucide-react";
import { useState } from "react";
import { useNow } from "@/app/clock";
import { attempt } from "@/app/operations";
import { useWorkspace } from "@/app/store";
import { Button, Card, Chip, CopyText, ErrorBox, formatAge, IconButton } from "@/components";
import {
  type SessionProgram,
  type SharedSession,
  sharedSessionOpen,
  type TerminalSize,
  type TerminalView,
  type WorkspaceRef,
} from "@/ipc";
import { messages } from "@/messages";
import { BeginDialog, EndDialog } from "./dialogs";
import { useSharedSessions } from "./useSharedSessions";

const words = messages.sharedSessions;

/** What the terminal feature brings. */
interface Terminals {
  size: () => TerminalSize;
  onOpened: (terminal: TerminalView) => void;
}

/** The shared sessions of a workspace, who is attached, and the way in. */
export function SharedSessionsCard({ workspace, ...terminals }: { workspace: WorkspaceRef } & Terminals) {
  const view = useWorkspace(workspace);
  if (!view) return null;
  if (view.workspace.state !== "running" || view.stale_since !== null)
    return (
      <Card title={words.title}>
        <p className="text-fg-3">{words.notRunning}</p>
      </Card>
    );
  return <Sessions key={view.workspace.started_at} workspace={workspace} {...terminals} />;
}

function Sessions({ workspace, size, onOpened }: { workspace: WorkspaceRef } & Terminals) {
  const { list, failure, look } = useSharedSessions(workspace);
  const [dialog, setDialog] = useState<"begin" | SharedSession | null>(null);
  const open = async (name: string, program: SessionProgram | null) => {
    const terminal = await sharedSessionOpen({ workspace, name, program, size: size() });
    onOpened(terminal);
    void look();
  };
  const again = <IconButton label={words.refresh} icon={<RefreshCw />} onClick={() => void look()} />;
  return (
    <Card title={words.title} aside={again}>
      {failure && <ErrorBox failure={failure} onRetry={() => void look()} className="mb-3" />}
      {!list && !failure && <p className="text-fg-3">{words.asking}</p>}
      {list?.program === null && <Missing command={list.install_command} />}
      {list?.program != null && (
        <div className="flex flex-col gap-2.5">
          {list.sessions.length === 0 && <p className="text-fg-3">{words.none}</p>}
          <ul className="flex flex-col gap-1">
            {list.sessions.map((session) => (
              <Row
                key={`${session.program}:${session.name}`}
                session={session}
                onAttach={() => void attempt(open(session.name, session.program))}
                onEnd={() => setDialog(session)}
              />
            ))}
          </ul>
          <span>
            <Button icon={<Plus />} onClick={() => setDialog("begin")}>
              {words.begin}
            </Button>
          </span>
        </div>
      )}
      {dialog === "begin" && list?.program && (
        <BeginDialog
          program={list.program}
          taken={list.sessions.map(({ name }) => name)}
          onBegin={(name) => open(name, null)}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog !== null && dialog !== "begin" && (
        <EndDialog workspace={workspace} session={dialog} onClose={() => setDialog(null)} onEnded={look} />
      )}
    </Card>
  );
}

function Missing({ command }: { command: string | null }) {
  return (
    <div className="flex flex-col gap-2">
      <p className="text-fg-2">{words.missing}</p>
      {command && (
        <p className="flex min-w-0 gap-2 text-fg-3">
          {words.install}
          <CopyText text={command} className="max-w-full text-fg" />
        </p>
      )}
    </div>
  );
}

function Row({
  session,
  onAttach,
  onEnd,
}: {
  session: SharedSession;
  onAttach: () => void;
  onEnd: () => void;
}) {
  const now = useNow(60_000);
  const age = session.created_at === null ? null : formatAge(session.created_at, now);
  return (
    <li className="flex min-h-8 items-center gap-2.5">
      <span className="flex min-w-0 grow flex-col">
        <span className="truncate font-mono">{session.name}</span>
        <span className="truncate text-fg-3 text-small">
          {[session.shows, age].filter(Boolean).join(" · ")}
        </span>
      </span>
      <span className="flex shrink-0 gap-1">
        {session.attached.length === 0 && <span className="text-fg-3 text-small">{words.nobody}</span>}
        {session.attached.map(({ who, is_own, since }, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: attachments have nothing else that tells them apart
            key={index}
            title={since === null ? undefined : words.sinceTime(new Date(since).toLocaleTimeString())}
          >
            <Chip lit={is_own}>{is_own ? words.you : (who ?? words.somebody)}</Chip>
          </span>
        ))}
      </span>
      <Button aria-label={words.attachTo(session.name)} onClick={onAttach}>
        {words.attach}
      </Button>
      <IconButton label={words.end(session.name)} icon={<CircleX />} onClick={onEnd} />
    </li>
  );
}
