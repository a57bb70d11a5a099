/* Shared sessions of the mock core. */
import type { SharedSessions } from "../generated/types";

const MINUTE = 60_000;

/** `name` decides what a workspace has: one with sessions, one with none, one that cannot keep any. */
export function sharedSessionsOf(name: string): SharedSessions {
  const now = Date.now();
  if (name === "registry")
    return { program: null, sessions: [], install_command: "sudo apt-get install -y tmux" };
  if (name !== "atlas-api") return { program: "tmux", sessions: [], install_command: null };
  return {
    program: "tmux",
    install_command: null,
    sessions: [
      {
        name: "migration",
        program: "tmux",
        created_at: now - 190 * MINUTE,
        shows: "psql",
        attached: [],
      },
      {
        name: "pair",
        program: "tmux",
        created_at: now - 42 * MINUTE,
        shows: "nvim",
        attached: [
          { who: "alice", is_own: true, since: now - 12 * MINUTE },
          { who: "bob", is_own: false, since: now - 40 * MINUTE },
        ],
      },
    ],
  };
}
