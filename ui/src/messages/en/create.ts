/* Words of the dialog that makes a workspace. */
export const create = {
  title: "New workspace",
  server: "Server",
  free: (memory: string) => `${memory} free`,
  noServer: {
    title: "No server to make it on",
    text: "Connect to a server first; workspaces are made there.",
    action: "Show connections",
  },
  buildFirst: {
    title: "Build the image first",
    text: (server: string) =>
      `The image is built on ${server} first, with its log to look at. When it is there, this form comes back with it chosen.`,
    folder: "From a folder…",
    typed: "Type a Containerfile…",
  },
  loadingForm: (server: string) => `Asking ${server} what it offers…`,
  happens: "What will happen",
  happensHint: "Fill in the form to see every step before anything is done.",
  planning: "Checking…",
  warnings: "Mind",
  copyCommand: "Copy as command",
  create: "Create",
  creating: "Creating…",
  unknownProblem: (field: string, message: string) => `${field}: ${message}`,
};
