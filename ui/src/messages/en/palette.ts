/* Words of the command palette: what it offers, as commands. */
const WORKSPACE: Record<string, (name: string) => string> = {
  "workspace.open-ide": (name) => `Open IDE of ${name}`,
  "workspace.open-ide-window": (name) => `Open IDE of ${name} in a window`,
  "workspace.open-ide-browser": (name) => `Open IDE of ${name} in the browser`,
  "workspace.terminal": (name) => `Terminal in ${name}`,
  "workspace.logs": (name) => `Logs of ${name}`,
  "workspace.start": (name) => `Start ${name}`,
  "workspace.stop": (name) => `Stop ${name}`,
  "workspace.restart": (name) => `Restart ${name}`,
  "workspace.favourite": (name) => `Put ${name} at the top of the tray`,
  "workspace.unfavourite": (name) => `Take ${name} from the top of the tray`,
  "workspace.copy-name": (name) => `Copy the name ${name}`,
  "workspace.copy-link": (name) => `Copy the link to ${name}`,
  "workspace.rename": (name) => `Rename ${name}…`,
  "workspace.remove": (name) => `Remove ${name}…`,
};

export const palette = {
  title: "Find or run",
  open: "Find or run…",
  placeholder: "Type what to find or do",
  results: "What was found",
  nothing: (query: string) =>
    `Nothing is called “${query}”. Names, servers, states and actions are looked at.`,
  goTo: (page: string) => `Go to ${page}`,
  /** `title` is what its button says; used where no sentence is given above. */
  workspace: (action: string, title: string, name: string): string =>
    WORKSPACE[action]?.(name) ?? `${title.replace(/…$/, "")}: ${name}${title.endsWith("…") ? "…" : ""}`,
  connection: (title: string, name: string): string =>
    `${title.replace(/…$/, "")} ${name}${title.endsWith("…") ? "…" : ""}`,
  showConnection: (name: string) => `Show ${name}`,
  runAgo: (status: string, age: string) =>
    age === "now" ? `run · ${status}, just now` : `run · ${status}, ${age} ago`,
};
