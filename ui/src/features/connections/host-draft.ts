/* An SSH host while it is typed, and how it becomes what the core takes. Secrets travel inwards
   only: a draft of a known host knows that one is kept, not what it is. */
import type { SshAuth, SshAuthInput, SshHost, SshHostInput } from "@/ipc";

export interface AddressDraft {
  host: string;
  port: string;
}

export type AuthDraft =
  | { key: number; method: "agent"; socket: string }
  | { key: number; method: "key_file"; path: string; passphrase: string; isKept: boolean }
  | { key: number; method: "password"; password: string; isKept: boolean }
  | { key: number; method: "keyboard_interactive" };

export type AuthMethodName = AuthDraft["method"];

export interface HostDraft {
  key: number;
  id: string | null;
  addresses: AddressDraft[];
  user: string;
  auth: AuthDraft[];
  jumps: HostDraft[];
}

let nextKey = 1;

export function newAuth(method: AuthMethodName): AuthDraft {
  const key = nextKey++;
  switch (method) {
    case "agent":
      return { key, method, socket: "" };
    case "key_file":
      return { key, method, path: "~/.ssh/id_ed25519", passphrase: "", isKept: false };
    case "password":
      return { key, method, password: "", isKept: false };
    case "keyboard_interactive":
      return { key, method };
  }
}

export function newHost(): HostDraft {
  return {
    key: nextKey++,
    id: null,
    addresses: [{ host: "", port: "22" }],
    user: "",
    auth: [newAuth("agent"), newAuth("key_file")],
    jumps: [],
  };
}

/** A known host as a draft; its jumps are drafts too. */
export function draftOfHost(host: SshHost, jumps: readonly SshHost[]): HostDraft {
  return {
    key: nextKey++,
    id: host.id,
    addresses: host.addresses.map(({ host: name, port }) => ({ host: name, port: String(port) })),
    user: host.user,
    auth: host.auth.map(draftOfAuth),
    jumps: jumps.map((jump) => draftOfHost(jump, [])),
  };
}

function draftOfAuth(auth: SshAuth): AuthDraft {
  const key = nextKey++;
  switch (auth.method) {
    case "agent":
      return { key, method: "agent", socket: auth.socket ?? "" };
    case "key_file":
      return { key, method: "key_file", path: auth.path, passphrase: "", isKept: auth.passphrase !== null };
    case "password":
      return { key, method: "password", password: "", isKept: auth.secret !== null };
    case "keyboard_interactive":
      return { key, method: "keyboard_interactive" };
  }
}

const orNull = (text: string): string | null => (text === "" ? null : text);

export function hostInput(draft: HostDraft): SshHostInput {
  return {
    id: draft.id,
    addresses: draft.addresses
      .filter(({ host }) => host.trim() !== "")
      .map(({ host, port }) => ({ host: host.trim().replace(/^\[(.*)\]$/, "$1"), port: Number(port) })),
    user: draft.user.trim(),
    auth: draft.auth.map(authInput),
    jumps: draft.jumps.map(hostInput),
  };
}

function authInput(draft: AuthDraft): SshAuthInput {
  switch (draft.method) {
    case "agent":
      return { method: "agent", socket: orNull(draft.socket.trim()) };
    case "key_file":
      return { method: "key_file", path: draft.path.trim(), passphrase: orNull(draft.passphrase) };
    case "password":
      return { method: "password", password: orNull(draft.password) };
    case "keyboard_interactive":
      return { method: "keyboard_interactive" };
  }
}

/** What a host is called when nobody gave a name: the first label of its first address. */
export function suggestedName({ addresses }: HostDraft): string {
  const host = addresses[0]?.host.trim() ?? "";
  return /^[\d.]+$|:/.test(host) ? host : (host.split(".")[0] ?? "");
}
