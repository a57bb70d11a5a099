import { Field, OpenChoice, PathInput, Segments, Switch } from "@/components";
import type { FieldProblem, GitSource } from "@/ipc";
import { messages } from "@/messages";
import type { GitSourceState, SourceKind } from "./useGitSource";

const words = messages.git;

interface SourceFieldsProps {
  state: GitSourceState;
  problems: readonly FieldProblem[];
  /** What the server can do. */
  can: { git: boolean; build: boolean };
}

/** Where the workspace comes from; for git, the repository and its branch. */
export function SourceFields({ state, problems, can }: SourceFieldsProps) {
  const segments: { value: SourceKind; label: string }[] = [{ value: "image", label: words.from.image }];
  if (can.git) segments.push({ value: "git", label: words.from.git });
  if (can.build) segments.push({ value: "containerfile", label: words.from.containerfile });
  if (segments.length === 1) return null;
  return (
    <>
      <div className="flex flex-col gap-1">
        <span className="text-fg-2">{words.from.label}</span>
        <Segments
          wide
          label={words.from.label}
          value={state.kind}
          onChange={state.setKind}
          segments={segments}
        />
      </div>
      {can.git && state.kind === "git" && <GitFields state={state} problems={problems} />}
    </>
  );
}

function GitFields({ state, problems }: { state: GitSourceState; problems: readonly FieldProblem[] }) {
  const { draft, change, source, failure } = state;
  const of = (...names: string[]) => problems.find(({ field }) => names.includes(field));
  const refused = failure && [failure.message, failure.hint].filter(Boolean).map((text) => text ?? "");
  const problem = of("git_folder", "git_url");
  const branch = of("git_branch");
  return (
    <>
      <Field
        label={words.repository}
        required
        help={helpOf(state)}
        error={
          refused ? refused.map(messages.sentence).join(" ") : problem && messages.sentence(problem.message)
        }
      >
        {(control) => (
          <PathInput
            {...control}
            data-autofocus
            kind="folder"
            title={words.repositoryTitle}
            placeholder={words.repositoryPlaceholder}
            value={draft.repository}
            onChange={(repository) => change({ repository, branch: "" })}
          />
        )}
      </Field>
      <Field
        label={words.branch}
        help={branchHelp(source)}
        error={branch && messages.sentence(branch.message)}
        {...(branch?.suggestion && {
          suggestion: {
            label: messages.form.use(branch.suggestion),
            use: () => change({ branch: branch.suggestion ?? "" }),
          },
        })}
      >
        {(control) => (
          <OpenChoice
            control={control}
            value={draft.branch}
            placeholder={placeholderOf(source)}
            onChange={(next) => change({ branch: next })}
            choices={(source?.branches ?? []).map((value) => ({ value, label: value, remark: null }))}
          />
        )}
      </Field>
      <div className="grid grid-cols-2 items-start gap-3.5">
        <Field
          label={messages.form.optional(words.dotfiles, true)}
          help={words.dotfilesHelp}
          error={of("git_dotfiles")?.message}
        >
          {(control) => (
            <PathInput
              {...control}
              kind="folder"
              title={words.dotfilesTitle}
              value={draft.dotfiles}
              onChange={(dotfiles) => change({ dotfiles })}
            />
          )}
        </Field>
        <Field
          label={words.identity}
          help={
            source?.identity
              ? words.identityHelp(`${source.identity.name} <${source.identity.email}>`)
              : words.identityUnknown
          }
        >
          {(control) => (
            <span className="flex h-8 items-center">
              <Switch
                {...control}
                checked={draft.copiesIdentity}
                onChange={(copiesIdentity) => change({ copiesIdentity })}
              />
            </span>
          )}
        </Field>
      </div>
    </>
  );
}

function helpOf({ source, isLooking }: GitSourceState): string | null {
  if (isLooking) return words.looking;
  if (!source) return null;
  return source.head.type === "unborn"
    ? words.foundUnborn(source.repository)
    : words.found(source.repository, source.branches.length);
}

const branchHelp = (source: GitSource | null) =>
  source?.head.type === "detached" ? words.branchDetached(source.head.commit.slice(0, 7)) : null;

const placeholderOf = (source: GitSource | null) =>
  source && source.head.type !== "detached" ? source.head.name : "";
