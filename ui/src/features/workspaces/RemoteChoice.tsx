/* What becomes of the git remote that stands for a workspace in a repository of this computer. */
import { useEffect, useId, useState } from "react";
import { Checkbox } from "@/components";
import { type GitLink, gitLink, type WorkspaceRef } from "@/ipc";
import { messages } from "@/messages";

const words = messages.workspaces.remove.remote;

/** What ties the workspace; none while that is not known, and when there is no remote. */
export function useRemote(workspace: WorkspaceRef): { remote: string; folder: string } | null {
  const [link, setLink] = useState<GitLink | null>(null);
  const { connection_id, workspace_id } = workspace;
  useEffect(() => {
    let isGone = false;
    gitLink({ workspace: { connection_id, workspace_id } }).then(
      (found) => !isGone && setLink(found),
      // Removing works without it; the run says what it did.
      () => {},
    );
    return () => {
      isGone = true;
    };
  }, [connection_id, workspace_id]);
  return link?.remote && link.folder ? { remote: link.remote, folder: link.folder } : null;
}

interface RemoteChoiceProps {
  remote: string;
  folder: string;
  isRemoved: boolean;
  onChange: (isRemoved: boolean) => void;
}

export function RemoteChoice({ remote, folder, isRemoved, onChange }: RemoteChoiceProps) {
  const box = useId();
  const help = useId();
  return (
    <div className="mt-3 flex items-start gap-2.5 px-3">
      <Checkbox
        id={box}
        checked={isRemoved}
        onChange={onChange}
        aria-label={`${words.label} ${remote}`}
        aria-describedby={help}
        className="mt-0.5"
      />
      <div className="min-w-0">
        <label htmlFor={box} className="block font-[550]">
          {words.label} <span className="font-mono">{remote}</span>
        </label>
        <p id={help} className="wrap-anywhere text-fg-2">
          {words.help(folder)}
        </p>
      </div>
    </div>
  );
}
