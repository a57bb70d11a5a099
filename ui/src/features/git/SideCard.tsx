import { Archive, GitBranch, GitCommitHorizontal } from "lucide-react";
import { Card, Chip, CopyText, ErrorBox } from "@/components";
import type { AppError, Failure, GitFile, GitHead, GitSide } from "@/ipc";
import { messages } from "@/messages";

const words = messages.git;

/** One side: what is checked out, and what is not committed. */
export function SideCard({
  title,
  side,
  problem,
  onRetry,
}: {
  title: string;
  side: GitSide | null;
  problem: Failure | AppError | null;
  onRetry: () => void;
}) {
  return (
    <Card
      title={title}
      aside={side && <HeadChip head={side.head} />}
      footer={
        side &&
        side.stash_count > 0 && (
          <span className="flex items-center gap-1.5">
            <Archive className="size-3.5!" />
            {words.stashes(side.stash_count)}
          </span>
        )
      }
    >
      {side ? (
        <div className="flex flex-col gap-2.5">
          <CopyText text={side.path} className="font-mono text-fg-2" />
          <p className={side.file_count > 0 ? "font-[550]" : "text-fg-3"}>
            {side.file_count > 0 ? words.files(side.file_count) : words.clean}
          </p>
          {side.file_count > 0 && <FileList files={side.files} count={side.file_count} label={title} />}
        </div>
      ) : problem ? (
        <ErrorBox failure={problem} onRetry={onRetry} />
      ) : (
        <p className="appear-late text-fg-3">{words.loading}</p>
      )}
    </Card>
  );
}

function HeadChip({ head }: { head: GitHead }) {
  if (head.type === "detached")
    return (
      <Chip mono icon={<GitCommitHorizontal className="size-3!" />}>
        {words.detached(head.commit)}
      </Chip>
    );
  return (
    <Chip mono icon={<GitBranch className="size-3!" />}>
      {head.type === "unborn" ? words.unborn(head.name) : head.name}
    </Chip>
  );
}

const TONES: Partial<Record<GitFile["change"], string>> = {
  added: "text-ok",
  deleted: "text-err",
  conflicted: "text-err",
  modified: "text-warn",
  renamed: "text-warn",
};

/** Files that are not committed, with what became of each. */
export function FileList({
  files,
  count,
  label,
}: {
  files: readonly GitFile[];
  count: number;
  label: string;
}) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls has to be reached by the keyboard
      tabIndex={0}
      className="max-h-64 overflow-y-auto rounded-control border bg-raise"
    >
      <ul className="py-1">
        {files.map((file) => (
          <li key={file.path} className="flex min-w-0 items-baseline gap-2 px-2.5 py-0.5 font-mono">
            <span
              title={words.change(file.change)}
              className={`w-3 shrink-0 ${TONES[file.change] ?? "text-fg-3"}`}
            >
              <span aria-hidden>{words.letter(file.change)}</span>
              <span className="sr-only">{words.change(file.change)}</span>
            </span>
            <span className="min-w-0 wrap-anywhere">{file.path}</span>
            {file.from && <span className="shrink-0 text-fg-3">{words.renamedFrom(file.from)}</span>}
          </li>
        ))}
        {count > files.length && (
          <li className="px-2.5 py-0.5 text-fg-3">{words.moreFiles(count - files.length)}</li>
        )}
      </ul>
    </section>
  );
}
