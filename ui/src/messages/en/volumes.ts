/* Words of the page of volumes. */
import type { VolumeKind } from "@/ipc";

const KINDS: Record<VolumeKind, string> = { home: "Home", workspace: "Workspace", other: "Other" };

export const volumes = {
  title: "Volumes",
  server: "Server",
  kind: KINDS,
  columns: { name: "Name", kind: "Kind", usedBy: "Used by", size: "Size", age: "Age", actions: "Actions" },
  unused: "nobody",
  unknownSize: "not known",
  refresh: "Ask the server again",
  loading: (server: string) => `Asking ${server} for its volumes…`,
  more: (name: string) => `More for ${name}`,
  copyName: "Copy name",
  exportTo: "Export to a file…",
  remove: "Delete…",
  removeUsed: (name: string) => `used by ${name}`,
  importFrom: "Import…",
  onlyDesktop: "only in the desktop app",
  none: {
    title: (server: string) => `No volumes on ${server}`,
    text: "Each new workspace gets one for its home and one for its work.",
  },
  noServer: {
    title: "No server is connected",
    text: "Volumes are kept on servers. Connect to one to see them.",
    action: "Show connections",
  },
  importDialog: {
    title: "Import a volume",
    lead: (server: string) =>
      `Makes a new volume on ${server} from a tar file of this computer. The file is looked through first.`,
    name: "Name of the new volume",
    help: "Attach it with “Volumes” when a workspace is made or rebuilt.",
    submit: "Choose a file…",
    taken: (name: string) => `${name} is there already. Choose another name.`,
  },
  removeDialog: {
    title: (name: string) => `Delete ${name}`,
    lead: (server: string) => `What is on it is deleted from ${server} for good.`,
    goes: "What goes",
    typeName: (name: string) => `Type ${name} to confirm`,
    submit: "Delete volume",
    exportFirst: "Export it first…",
  },
};
