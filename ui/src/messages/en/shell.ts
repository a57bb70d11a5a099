/* Words of the frame around the pages. */
export const shell = {
  pages: "Pages",
  setUp: "Set up",
  home: "Home",
  workspaces: "Workspaces",
  tunnels: "Tunnels",
  tunnelCount: (count: number) => (count === 1 ? "1 tunnel" : `${count} tunnels`),
  tunnelTraffic: "What goes through all tunnels now",
  down: (rate: string) => `↓ ${rate}`,
  up: (rate: string) => `↑ ${rate}`,
  images: "Images",
  volumes: "Volumes",
  runs: "Runs",
  connections: "Connections",
  settings: "Settings",
  linkLost: "No link to Moorline, trying again",
  connected: (count: number) => `${count} connected`,
  reconnecting: (name: string, seconds: number) =>
    seconds > 0 ? `${name} reconnecting in ${seconds} s` : `${name} reconnecting`,
  now: "now",
  connectNow: (name: string) => `Connect ${name} now`,
  more: (count: number) => `+${count} more`,
  runStep: (doing: string, step: number, of: number) =>
    step > 0 && of > 1 ? `${doing} · step ${step} of ${of}` : doing,
  shortcuts: {
    title: "Shortcuts",
    everywhere: "Everywhere",
    pages: "Pages",
    list: "In lists",
    select: "Select a row",
    selectRange: "Select up to",
    selectAll: "Select all",
    move: "Move",
    open: "Open",
    menu: "Menu of the row",
    close: "Close, or leave a field",
  },
  loading: "Asking Moorline…",
  loadFailed: "Moorline cannot show its data",
  notFound: { title: "There is no such page", text: "It may have been removed.", go: "Go to Home" },
};

/** A verb of a run in its three forms. */
const VERBS: Record<string, [doing: string, done: string, bare: string]> = {
  create: ["Creating", "created", "create"],
  start: ["Starting", "started", "start"],
  stop: ["Stopping", "stopped", "stop"],
  restart: ["Restarting", "restarted", "restart"],
  rename: ["Renaming", "renamed", "rename"],
  remove: ["Removing", "removed", "remove"],
  rebuild: ["Rebuilding", "rebuilt", "rebuild"],
  restore: ["Bringing back", "brought back", "bring back"],
  "delete volume": ["Deleting", "deleted", "delete"],
  "export volume": ["Exporting", "exported", "export"],
  "import volume": ["Importing", "imported", "import"],
  "set up": ["Setting up", "set up", "set up"],
  "git push": ["Pushing to", "pushed to", "push to"],
  "git pull": ["Pulling from", "pulled from", "pull from"],
  "git fetch": ["Fetching from", "fetched from", "fetch from"],
  "git setup": ["Setting up git in", "set up with git", "set up git in"],
  pull_image: ["Pulling", "pulled", "pull"],
  build_image: ["Building", "built", "build"],
  tag_image: ["Tagging", "tagged", "tag"],
  remove_image: ["Removing", "removed", "remove"],
  prune_images: ["Removing", "removed", "remove"],
};

export const verbs = {
  doing: (verb: string, name: string) => `${VERBS[verb]?.[0] ?? verb} ${name}`,
  title: (verb: string, name: string) => {
    const bare = VERBS[verb]?.[2] ?? verb;
    return `${bare.charAt(0).toUpperCase()}${bare.slice(1)} ${name}`;
  },
};

export const notices = {
  show: "Show",
  undo: "Undo",
  blocked: "The browser did not let a tab open.",
  open: "Open",
  undoLast: "Undo what was done last",
  favourite: (name: string) => `${name} is at the top of the tray`,
  unfavourite: (name: string) => `${name} is no longer at the top of the tray`,
  done: (verb: string, name: string) => `${name} ${VERBS[verb]?.[1] ?? verb}`,
  failed: (verb: string, name: string) => `Could not ${VERBS[verb]?.[2] ?? verb} ${name}`,
};

export const states = {
  workspace: {
    created: "Created",
    starting: "Starting…",
    running: "Running",
    paused: "Paused",
    stopping: "Stopping…",
    stopped: "Stopped",
    removing: "Removing…",
    error: "Error",
    unknown: "Unknown",
  },
  unknownSince: (moment: string) => `Unknown · ${moment}`,
  disconnected: "Disconnected",
  connecting: (stage: string) => `Connecting… ${stage}`,
  connected: "Connected",
  reconnecting: (seconds: number) => (seconds > 0 ? `Reconnecting (${seconds} s)` : "Reconnecting…"),
  failed: "Error",
  tunnel: {
    stopped: "Stopped",
    listening: "Listening",
    connecting: "Connecting…",
    open: "Open",
    targetDown: "Target down",
    portTaken: "Port taken",
    failed: "Failed",
  },
  roundTrip: (ms: number) => `${ms} ms`,
  seconds: (seconds: number) => `${seconds} s`,
};
