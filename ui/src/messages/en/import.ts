/* Words of moving in: what was found, what becomes of it, what was left out. */
import type { ImportSource, SshAuth } from "@/ipc";

const servers = (count: number) => (count === 1 ? "1 server" : `${count} servers`);

const sources: Record<ImportSource, string> = {
  ssh_config: "SSH config",
  podman: "Podman connections",
  l8s: "l8s",
};

export const importing = {
  open: "Import…",
  action: "Import servers…",
  title: "Import servers",
  settings: {
    title: "Import",
    servers: "Servers of this computer",
    help: "Look again at your SSH config, Podman's connections and l8s. Their files are only read.",
  },
  lead: "This computer knows some servers already. Choose what to bring in; its files stay as they are.",
  welcome: "Choose which of the servers this computer knows to bring in; its files stay as they are.",
  looking: "Looking at what this computer knows…",
  list: "Found on this computer",
  sources,
  none: {
    title: "Nothing to import",
    text: "There is no server in your SSH config, in Podman's connections or in an l8s configuration.",
  },
  bringIn: (count: number) => (count === 0 ? "Bring in" : `Bring in ${count}`),
  bringingIn: (count: number) => `Bringing in ${servers(count)}…`,
  lookAgain: "Look again",
  tickAll: (source: string) => `Bring in everything from ${source}`,
  tick: (name: string) => `Bring in ${name}`,
  /** The first few names, or how many there are. */
  names: (names: string[]) => (names.length > 3 ? servers(names.length) : names.join(", ")),
  alreadyHere: (count: number) => (count === 1 ? "1 is here already" : `${count} are here already`),
  leftOutCount: (count: number) => `${count} left out`,
  noServer: "no server that can be brought in",
  known: (name: string) => `Here already as ${name}`,
  sameAs: (name: string, source: string) => `The same server as ${name} in ${source}`,
  becomes: {
    name: "Connection",
    nameHelp: "What you call it here.",
    host: "SSH host",
    through: "Through",
    auth: "Logs in with",
    place: "Found in",
  },
  through: (host: string) => `through ${host}`,
  auth: {
    agent: "SSH agent",
    key_file: "key",
    password: "password, asked for",
    keyboard_interactive: "what the server asks",
  } satisfies Record<SshAuth["method"], string>,
  findItself: "found on the server",
  leftOut: "Left out",
  done: (names: string[]) =>
    names.length === 1 ? `${names[0]} was brought in.` : `${servers(names.length)} were brought in.`,
};
