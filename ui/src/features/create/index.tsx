import { Dialog } from "@/components";
import type { ConnectionId } from "@/ipc";

/** The form for a new workspace. `connectionId` is the server chosen at first. */
export function CreateDialog({ onClose }: { connectionId?: ConnectionId | undefined; onClose: () => void }) {
  return <Dialog title="New workspace" onClose={onClose} />;
}
