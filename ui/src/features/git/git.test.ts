import { describe, expect, it } from "vitest";
import type { GitFile, GitSide, GitState } from "@/ipc";
import { needsChoice } from "./operations";

const COMMIT = "3fa9c1d2e3f4a5b6c7d8e9f00102030405060708";

const side = (branch: string | null, changes: GitFile["change"][]): GitSide => ({
  path: "/workspace/project",
  head:
    branch === null ? { type: "detached", commit: COMMIT } : { type: "branch", name: branch, commit: COMMIT },
  files: changes.map((change, index) => ({ path: `file-${index}`, from: null, change })),
  file_count: changes.length,
  stash_count: 0,
});

const both = (here: GitSide | null, there: GitSide | null): GitState => ({
  link: null,
  here,
  here_problem: null,
  there,
  there_problem: null,
  ahead: null,
  behind: null,
});

describe("whether a person has to choose first", () => {
  it("a push that would touch tracked changes asks", () => {
    expect(needsChoice(both(side("main", []), side("main", ["modified"])), "push")).toBe(true);
  });

  it("files that git does not know, and other branches, are not touched by a push", () => {
    expect(needsChoice(both(side("main", []), side("main", ["untracked"])), "push")).toBe(false);
    expect(needsChoice(both(side("main", []), side("other", ["modified"])), "push")).toBe(false);
    expect(needsChoice(both(side("main", []), side(null, ["modified"])), "push")).toBe(false);
    expect(needsChoice(both(side(null, []), side(null, ["modified"])), "push")).toBe(false);
  });

  it("files beyond those that are listed may be tracked", () => {
    const many = { ...side("main", ["untracked"]), file_count: 400 };
    expect(needsChoice(both(side("main", []), many), "push")).toBe(true);
  });

  it("a pull asks about anything that it would leave out", () => {
    expect(needsChoice(both(side("main", []), side("main", ["untracked"])), "pull")).toBe(true);
    expect(needsChoice(both(side("main", []), side("main", [])), "pull")).toBe(false);
    expect(needsChoice(both(null, null), "pull")).toBe(false);
  });
});
