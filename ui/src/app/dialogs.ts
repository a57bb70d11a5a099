/* The dialog that is open over the page, if one is: any feature may ask for any of them;
   app/routes/Dialogs draws it. Questions of the core are drawn apart, above. */
import { create } from "zustand";
import type {
  BuildFrom,
  ConnectionId,
  Editor,
  Image,
  ImageId,
  LabRef,
  LabTemplatePick,
  LabVerb,
  Tunnel,
  WorkspaceRef,
} from "@/ipc";

/** What a link proposes for a new connection; the person still decides. */
export interface ProposedConnection {
  name: string | null;
  host: string;
  port: number;
  user: string | null;
}

export type OpenDialog =
  | { dialog: "create-workspace"; connectionId?: ConnectionId; image?: string }
  | { dialog: "rename-workspace"; workspace: WorkspaceRef }
  | { dialog: "remove-workspace"; workspace: WorkspaceRef }
  | {
      dialog: "build-image";
      connectionId?: ConnectionId;
      source?: BuildFrom["from"];
      name?: string;
      /** A workspace is made from it afterwards. */
      createsAfter?: boolean;
    }
  | { dialog: "pull-image"; connectionId?: ConnectionId }
  | { dialog: "prune-images"; connectionId?: ConnectionId }
  | { dialog: "tag-image"; connectionId: ConnectionId; imageId: ImageId; label: string }
  | { dialog: "remove-image"; connectionId: ConnectionId; server: string; image: Image }
  | { dialog: "add-connection"; proposed?: ProposedConnection }
  | { dialog: "rebuild-workspace"; workspace: WorkspaceRef }
  | { dialog: "adopt-workspace"; workspace: WorkspaceRef }
  | { dialog: "import" }
  | { dialog: "delete-connection"; connectionId: ConnectionId }
  /** A new one, a changed one, or a new one like another. */
  | { dialog: "tunnel"; tunnel?: Tunnel; isCopy?: boolean }
  | { dialog: "import-tunnels" }
  /** Says what it would do to a lab, and asks. */
  | { dialog: "change-lab"; lab: LabRef; verb: LabVerb }
  | { dialog: "auto-stop-lab"; lab: LabRef }
  | { dialog: "new-lab"; connectionId?: ConnectionId; pick?: LabTemplatePick }
  | { dialog: "paste"; workspace: WorkspaceRef }
  | { dialog: "ssh-config"; next: { workspace: WorkspaceRef; name: string; editor: Editor } | null }
  | { dialog: "transfer"; text: string }
  | { dialog: "reset" }
  | { dialog: "shortcuts" };

export const useDialogs = create<{ open: OpenDialog | null }>(() => ({ open: null }));

export const openDialog = (open: OpenDialog): void => useDialogs.setState({ open });

export const closeDialog = (): void => useDialogs.setState({ open: null });
