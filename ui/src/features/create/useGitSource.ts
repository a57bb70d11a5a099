/* The source of a new workspace: an image, one that is built first, or a repository that is looked at while
   it is typed. */
import { useEffect, useMemo, useState } from "react";
import type { Values } from "@/components";
import { type AppError, type GitSource, gitLookFolder, gitLookUrl, toFailure } from "@/ipc";

export type SourceKind = "image" | "git" | "containerfile";

/** Fields of the plan's input that are about git. */
export const GIT_FIELDS = ["git_folder", "git_url", "git_branch", "git_dotfiles"] as const;

const TYPING_MS = 350;

export interface GitDraft {
  repository: string;
  branch: string;
  dotfiles: string;
  copiesIdentity: boolean;
}

export interface GitSourceState {
  kind: SourceKind;
  setKind: (kind: SourceKind) => void;
  draft: GitDraft;
  change: (part: Partial<GitDraft>) => void;
  /** What was found for what is typed now. */
  source: GitSource | null;
  failure: AppError | null;
  isLooking: boolean;
  /** Its part of the plan's input; none while there is nothing to plan with. */
  input: Values | null;
}

/** A path of this computer, not an address. */
export const isFolder = (text: string) => /^([~/.]|[A-Za-z]:[\\/]|\\\\)/.test(text.trim());

const EMPTY: GitDraft = { repository: "", branch: "", dotfiles: "", copiesIdentity: true };

export function useGitSource(): GitSourceState {
  const [kind, setKind] = useState<SourceKind>("image");
  const [draft, setDraft] = useState(EMPTY);
  const repository = draft.repository.trim();
  const [answer, setAnswer] = useState<{ of: string; source?: GitSource; failure?: AppError } | null>(null);

  useEffect(() => {
    if (repository === "") return;
    let isGone = false;
    const timer = setTimeout(() => {
      const look = isFolder(repository)
        ? gitLookFolder({ folder: repository })
        : gitLookUrl({ url: repository });
      look.then(
        (source) => !isGone && setAnswer({ of: repository, source }),
        (thrown: unknown) => !isGone && setAnswer({ of: repository, failure: toFailure(thrown) }),
      );
    }, TYPING_MS);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [repository]);

  const current = answer?.of === repository ? answer : null;
  const input = useMemo(() => inputOf(kind, draft, current?.source), [kind, draft, current]);
  return {
    kind,
    setKind,
    draft,
    change: (part) => setDraft((before) => ({ ...before, ...part })),
    source: current?.source ?? null,
    failure: current?.failure ?? null,
    isLooking: repository !== "" && current === null,
    input,
  };
}

function inputOf(kind: SourceKind, draft: GitDraft, source: GitSource | undefined): Values | null {
  if (kind !== "git") return {};
  const repository = draft.repository.trim();
  if (source === undefined) return null;
  const place = isFolder(repository)
    ? { git_source: "folder", git_folder: source.folder ?? repository }
    : { git_source: "url", git_url: repository };
  return {
    ...place,
    ...(draft.branch.trim() !== "" && { git_branch: draft.branch.trim() }),
    ...(draft.dotfiles.trim() !== "" && { git_dotfiles: draft.dotfiles.trim() }),
    git_identity: String(draft.copiesIdentity),
  };
}
