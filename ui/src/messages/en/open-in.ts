/* Words of opening workspaces in programs of this computer, and of the managed SSH config. */
import type { Editor } from "@/ipc";

const names: Record<Editor, string> = {
  vs_code: "VS Code",
  cursor: "Cursor",
  windsurf: "Windsurf",
  zed: "Zed",
  jetbrains_gateway: "JetBrains Gateway",
  terminal: "a terminal of this computer",
};

export const openIn = {
  names,
  short: { ...names, terminal: "Terminal of this computer" },
  menu: "Open in",
  openIn: (editor: Editor) => `Open in ${names[editor]}`,
  opening: (editor: Editor, name: string) => `Opening ${name} in ${names[editor]}`,
  notInstalled: "not installed",
  noSsh: "publishes no SSH port",
  get: (name: string) => `Get ${name}`,
  copySsh: "Copy ssh command",
  card: {
    title: "SSH",
    aside: "on this computer",
    command: "Command",
    git: "Git address",
    login: "Logs in as",
    none: "This workspace publishes no SSH port.",
    notRunning: "Known once the workspace runs.",
    notIncluded: "Plain ssh does not know this name yet.",
    setUp: "Set up ssh…",
    asking: "Asking the workspace…",
  },
  consent: {
    title: "Let ssh know Moorline's workspaces",
    lead: "One line goes to the top of your SSH config. Nothing else in it is changed.",
    looking: "Reading the host keys of your workspaces…",
    line: (file: string) => `Added to ${file}`,
    gains: [
      "ssh, scp, sftp and git reach every workspace by name, also while Moorline is closed.",
      "Host keys are checked strictly, against what Moorline read from the workspace itself.",
      "Your public keys are let into the workspaces that you open this way.",
      "Names of yours stay yours: Moorline takes none that your config has.",
    ],
    backup: (file: string) => `A copy of your config is kept as ${file}. Settings takes the line away again.`,
    add: "Add the line",
    addAndOpen: (editor: Editor) => `Add and open in ${names[editor]}`,
    added: "ssh knows your workspaces now",
  },
  settings: {
    title: "Editors and ssh",
    editor: "Opens workspaces in",
    missing: (name: string) => `${name}, not installed`,
    config: "SSH config",
    included: (count: number) =>
      count === 1 ? "Included in yours, with 1 name" : `Included in yours, with ${count} names`,
    notIncluded: "Not part of yours",
    add: "Add…",
    remove: "Remove the line",
    removed: "The line is gone from your SSH config",
    undo: "Add it again",
    file: "Moorline's file",
  },
};
