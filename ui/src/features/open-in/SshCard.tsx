import { ChevronDown, ExternalLink } from "lucide-react";
import { useEffect, useState } from "react";
import { openDialog } from "@/app/dialogs";
import { useCore, useWorkspace } from "@/app/store";
import { Button, Card, CopyText, Fact, Facts, Menu } from "@/components";
import { type Failure, gitLink, toFailure, type WorkspaceRef, type WorkspaceSsh, workspaceSsh } from "@/ipc";
import { messages } from "@/messages";
import { useSshConfigChange } from "./config";
import { editorMenu } from "./menu";
import { openIn, useEditors } from "./open";

const words = messages.openIn;

/** How a plain SSH client reaches the workspace, and the editors that do so. */
export function SshCard({ workspace }: { workspace: WorkspaceRef }) {
  const view = useWorkspace(workspace);
  const hasSsh = view?.workspace.ports.some(
    ({ label, server_port }) => label === "ssh" && server_port !== null,
  );
  const isUp = view?.workspace.state === "running" && view.stale_since === null;
  if (!view) return null;
  return (
    <Card title={words.card.title} aside={words.card.aside}>
      {!hasSsh ? (
        <p className="text-fg-3">{words.card.none}</p>
      ) : isUp ? (
        <Reached key={view.workspace.started_at} workspace={workspace} name={view.workspace.name} />
      ) : (
        <p className="text-fg-3">{words.card.notRunning}</p>
      )}
    </Card>
  );
}

function Reached({ workspace, name }: { workspace: WorkspaceRef; name: string }) {
  const { ssh, failure } = useSsh(workspace, name);
  const gitPath = useGitPath(workspace, name);
  const favourite = useCore((state) => state.settings?.editor ?? "vs_code");
  const editors = useEditors((state) => state.editors);
  if (failure)
    return (
      <p className="text-fg-3">
        {[failure.message, failure.hint].map((text) => text && messages.sentence(text)).join(" ")}
      </p>
    );
  if (!ssh) return <p className="text-fg-3">{words.card.asking}</p>;
  return (
    <div className="flex h-full flex-col gap-3">
      <Facts>
        <Fact name={words.card.command}>
          <CopyText text={`ssh ${ssh.alias}`} className="max-w-full" />
        </Fact>
        {gitPath !== null && (
          <Fact name={words.card.git}>
            <CopyText text={`${ssh.alias}:${gitPath}`} className="max-w-full" />
          </Fact>
        )}
        <Fact name={words.card.login}>
          <span className="font-mono">{ssh.user}</span>
        </Fact>
      </Facts>
      {!ssh.is_included && (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-fg-2">
          {words.card.notIncluded}
          <Button onClick={() => openDialog({ dialog: "ssh-config", next: null })}>{words.card.setUp}</Button>
        </p>
      )}
      <div className="mt-auto flex">
        <Button
          className="rounded-r-none!"
          icon={<ExternalLink />}
          onClick={() => void openIn(workspace, name, favourite)}
        >
          {words.openIn(favourite)}
        </Button>
        <Menu
          align="start"
          groups={[editorMenu(editors, favourite, (editor) => void openIn(workspace, name, editor))]}
          trigger={
            <Button
              aria-label={words.menu}
              className="-ml-px rounded-l-none! px-1.5!"
              icon={<ChevronDown className="size-3.5!" />}
            />
          }
        />
      </div>
    </div>
  );
}

/** Asks once, and again when the dialog about the SSH config was closed or the name changed. */
function useSsh(workspace: WorkspaceRef, name: string) {
  const [answer, setAnswer] = useState<{ ssh: WorkspaceSsh | null; failure: Failure | null }>({
    ssh: null,
    failure: null,
  });
  const { connection_id, workspace_id } = workspace;
  const config = useSshConfigChange();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new name or config asks again
  useEffect(() => {
    let isWanted = true;
    workspaceSsh({ workspace: { connection_id, workspace_id } }).then(
      (ssh) => isWanted && setAnswer({ ssh, failure: null }),
      (thrown: unknown) => isWanted && setAnswer({ ssh: null, failure: toFailure(thrown) }),
    );
    return () => {
      isWanted = false;
    };
  }, [connection_id, workspace_id, name, config]);
  return answer;
}

/** Where its repository is; none while that is not known and where there is none. */
function useGitPath(workspace: WorkspaceRef, name: string): string | null {
  const [path, setPath] = useState<string | null>(null);
  const { connection_id, workspace_id } = workspace;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new name asks again
  useEffect(() => {
    let isWanted = true;
    gitLink({ workspace: { connection_id, workspace_id } }).then(
      (link) => isWanted && setPath(link?.path ?? null),
      () => {},
    );
    return () => {
      isWanted = false;
    };
  }, [connection_id, workspace_id, name]);
  return path;
}
