import { createAfter } from "@/app/after-build";
import { closeDialog, openDialog, useDialogs } from "@/app/dialogs";
import { AdoptDialog } from "@/features/adopt";
import { AddConnectionDialog, DeleteConnectionDialog } from "@/features/connections";
import { CreateDialog } from "@/features/create";
import { BuildDialog, PruneDialog, PullDialog, RemoveImageDialog, TagDialog } from "@/features/images";
import { ImportDialog } from "@/features/import";
import { AutoStopDialog, ChangeDialog, NewLabDialog } from "@/features/labs";
import { SshConfigDialog } from "@/features/open-in";
import { PasteIntoDialog } from "@/features/paste";
import { RebuildDialog } from "@/features/rebuild";
import { ResetDialog, TransferDialog } from "@/features/settings";
import { ImportTunnelsDialog, TunnelDialog } from "@/features/tunnels";
import { RemoveDialog, RenameDialog } from "@/features/workspaces";
import { DraftTest } from "./DraftTest";
import { ShortcutSheet } from "./ShortcutSheet";

/** The dialog that is open, drawn by the feature that owns it. */
export function Dialogs() {
  const open = useDialogs((state) => state.open);
  switch (open?.dialog) {
    case undefined:
      return null;
    case "create-workspace":
      return (
        <CreateDialog
          connectionId={open.connectionId}
          image={open.image}
          onBuild={(connectionId, source) =>
            openDialog({ dialog: "build-image", connectionId, source, createsAfter: true })
          }
          onClose={closeDialog}
        />
      );
    case "rename-workspace":
      return <RenameDialog workspace={open.workspace} onClose={closeDialog} />;
    case "rebuild-workspace":
      return <RebuildDialog workspace={open.workspace} onClose={closeDialog} />;
    case "remove-workspace":
      return <RemoveDialog workspace={open.workspace} onClose={closeDialog} />;
    case "build-image":
      return (
        <BuildDialog
          connectionId={open.connectionId}
          source={open.source}
          name={open.name}
          onBegun={open.createsAfter ? createAfter : undefined}
          onClose={closeDialog}
        />
      );
    case "pull-image":
      return <PullDialog connectionId={open.connectionId} onClose={closeDialog} />;
    case "prune-images":
      return <PruneDialog connectionId={open.connectionId} onClose={closeDialog} />;
    case "tag-image":
      return <TagDialog {...open} onClose={closeDialog} />;
    case "remove-image":
      return <RemoveImageDialog {...open} onClose={closeDialog} />;
    case "adopt-workspace":
      return <AdoptDialog workspace={open.workspace} onClose={closeDialog} />;
    case "add-connection":
      return (
        <AddConnectionDialog
          proposed={open.proposed}
          onClose={closeDialog}
          renderTest={(slot) => <DraftTest {...slot} />}
        />
      );
    case "import":
      return <ImportDialog onClose={closeDialog} />;
    case "delete-connection":
      return <DeleteConnectionDialog connectionId={open.connectionId} onClose={closeDialog} />;
    case "tunnel":
      return <TunnelDialog tunnel={open.tunnel} isCopy={open.isCopy} onClose={closeDialog} />;
    case "import-tunnels":
      return <ImportTunnelsDialog onClose={closeDialog} />;
    case "change-lab":
      return <ChangeDialog lab={open.lab} verb={open.verb} onClose={closeDialog} />;
    case "auto-stop-lab":
      return <AutoStopDialog lab={open.lab} onClose={closeDialog} />;
    case "new-lab":
      return <NewLabDialog connectionId={open.connectionId} pick={open.pick} onClose={closeDialog} />;
    case "paste":
      return <PasteIntoDialog workspace={open.workspace} onClose={closeDialog} />;
    case "ssh-config":
      return <SshConfigDialog next={open.next} />;
    case "transfer":
      return <TransferDialog text={open.text} onClose={closeDialog} />;
    case "reset":
      return <ResetDialog onClose={closeDialog} />;
    case "shortcuts":
      return <ShortcutSheet onClose={closeDialog} />;
  }
}
