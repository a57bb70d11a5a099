/* Git on both sides of the mock core's workspaces. */
import type { GitSource, GitState } from "../generated/types";

const COMMIT = "3fa9c1d2e3f4a5b6c7d8e9f00102030405060708";
const identity = { name: "Alice Doe", email: "alice@example.org" };

export const gitSource: GitSource = {
  folder: "/home/alice/src/atlas",
  repository: "atlas",
  suggested_name: "dev-atlas-3fa9c1",
  head: { type: "branch", name: "exp-31", commit: COMMIT },
  branches: ["exp-31", "main", "release/24.2"],
  changed_files: 2,
  has_submodules: false,
  identity,
};

/** What `git_look_url` says: no folder, nobody who commits. */
export const gitUrlSource: GitSource = { ...gitSource, folder: null, identity: null, changed_files: 0 };

const both: GitState = {
  link: {
    folder: "/home/alice/src/atlas",
    remote: "atlas-3fa9c1",
    user: "dev",
    path: "/workspace/project",
    certificate_until: Date.now() + 300 * 24 * 3600 * 1000,
  },
  here: {
    path: "/home/alice/src/atlas",
    head: { type: "branch", name: "main", commit: COMMIT },
    files: [{ path: "docs/plan.md", from: null, change: "modified" }],
    file_count: 1,
    stash_count: 0,
  },
  here_problem: null,
  there: {
    path: "/workspace/project",
    head: { type: "branch", name: "main", commit: COMMIT },
    files: [
      { path: "src/routes/login.rs", from: null, change: "modified" },
      { path: "src/routes/session.rs", from: "src/session.rs", change: "renamed" },
      { path: 'tests/login "quoted".rs', from: null, change: "added" },
      { path: "notes.txt", from: null, change: "untracked" },
    ],
    file_count: 4,
    stash_count: 1,
  },
  there_problem: null,
  ahead: 3,
  behind: 1,
};

/** By scene: "git-clean", "git-none", "git-broken", else both sides with changes. */
export function gitStateOf(scene: string): GitState {
  switch (scene) {
    case "git-clean": {
      const clean = <T extends GitState["here"]>(side: T): T =>
        side && { ...side, files: [], file_count: 0, stash_count: 0 };
      return { ...both, here: clean(both.here), there: clean(both.there), ahead: 0, behind: 0 };
    }
    case "git-none":
      return {
        ...both,
        link: null,
        here: null,
        there: null,
        there_problem: {
          code: "not_found",
          message: "atlas-api has no git repository at /workspace/project",
          hint: "Tie it to a folder of this computer to make one.",
          field: null,
          detail: "fatal: cannot change to '/workspace/project'",
        },
        ahead: null,
        behind: null,
      };
    case "git-broken":
      return {
        ...both,
        here: null,
        here_problem: {
          code: "not_found",
          message: "/home/alice/src/atlas is no folder",
          hint: "Choose the folder again: it was moved or removed.",
          field: null,
          detail: null,
        },
        ahead: null,
        behind: null,
      };
    default:
      return both;
  }
}
