/* What can be done with a workspace's ports. */
import { attempt, openPage } from "@/app/operations";
import { useConnection } from "@/app/store";
import { type Forward, forwardClose, forwardOpen, type WorkspaceView } from "@/ipc";

export const localAddress = ({ local_port }: Forward): string => `localhost:${local_port}`;

export interface PortTools {
  /** The workspace runs and its server answers. */
  canOpen: boolean;
  open: (port: number) => void;
  close: (forward: Forward) => void;
  browse: (port: number) => void;
}

export function usePortTools({
  workspace_ref: workspace,
  workspace: { state },
  stale_since,
}: WorkspaceView): PortTools {
  const connection = useConnection(workspace.connection_id);
  return {
    canOpen: state === "running" && stale_since === null && connection?.abilities?.endpoints === true,
    open: (port) => void attempt(forwardOpen({ workspace, port })),
    close: ({ id }) => void attempt(forwardClose({ forward_id: id })),
    browse: (port) => void openPage(workspace, "browser", port),
  };
}
