import { useId, useRef, useState } from "react";
import { Button, cx, Dialog, Field, Input } from "@/components";
import type { GitDirty, GitSide } from "@/ipc";
import { messages } from "@/messages";
import type { Direction } from "./operations";
import { FileList } from "./SideCard";

const words = messages.git.dirty;

type Choice = GitDirty["type"];

/** Shows what is not committed in the workspace, and asks what becomes of it. Nothing is ever reset. */
export function DirtyDialog({
  name,
  side,
  direction,
  onClose,
  onChosen,
}: {
  name: string;
  side: GitSide;
  direction: Direction;
  onClose: () => void;
  onChosen: (dirty: GitDirty) => void;
}) {
  const isPush = direction === "push";
  const choices: Choice[] = isPush ? ["stash", "branch", "commit"] : ["leave", "commit", "branch"];
  const [choice, setChoice] = useState<Choice>(choices[0] ?? "stash");
  const [message, setMessage] = useState(words.messageDefault);
  const [branch, setBranch] = useState(() => `wip/${new Date().toISOString().slice(0, 10)}`);
  const first = useRef<HTMLDivElement>(null);
  const dirty = dirtyOf(choice, message.trim(), branch.trim());
  return (
    <Dialog
      title={isPush ? words.pushTitle(name) : words.pullTitle(name)}
      lead={isPush ? words.pushLead : words.pullLead}
      width={560}
      initialFocus={first}
      onClose={onClose}
      onSubmit={() => dirty && onChosen(dirty)}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={dirty === null}>
            {isPush ? words.submitPush : words.submitPull}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <FileList files={side.files} count={side.file_count} label={words.list} />
        <div
          ref={first}
          tabIndex={-1}
          role="radiogroup"
          aria-label={words.choice}
          className="flex flex-col gap-2"
        >
          {choices.map((value) => (
            <Option
              key={value}
              value={value}
              isPush={isPush}
              isChosen={choice === value}
              onChoose={setChoice}
            />
          ))}
        </div>
        {choice === "commit" && (
          <Field label={words.message} required>
            {(control) => (
              <Input {...control} value={message} onChange={(event) => setMessage(event.target.value)} />
            )}
          </Field>
        )}
        {choice === "branch" && (
          <Field label={words.branchName} required>
            {(control) => (
              <Input {...control} mono value={branch} onChange={(event) => setBranch(event.target.value)} />
            )}
          </Field>
        )}
      </div>
    </Dialog>
  );
}

function Option({
  value,
  isPush,
  isChosen,
  onChoose,
}: {
  value: Choice;
  isPush: boolean;
  isChosen: boolean;
  onChoose: (value: Choice) => void;
}) {
  const id = useId();
  const help = {
    leave: words.leaveHelp,
    stash: words.stashHelp,
    branch: words.branchHelp,
    commit: isPush ? words.commitHelpPush : words.commitHelpPull,
  }[value];
  return (
    <label
      htmlFor={id}
      className={cx(
        "eased flex gap-2.5 rounded-card border px-3 py-2",
        isChosen ? "border-accent bg-selected" : "border-line-strong bg-raise hover:bg-hover",
      )}
    >
      <input
        id={id}
        type="radio"
        name="dirty"
        value={value}
        checked={isChosen}
        onChange={() => onChoose(value)}
        className="mt-0.5 accent-accent"
      />
      <span className="min-w-0">
        <span className="font-[550]">{words[value]}</span>
        <span className="block text-fg-2">{help}</span>
      </span>
    </label>
  );
}

function dirtyOf(choice: Choice, message: string, name: string): GitDirty | null {
  switch (choice) {
    case "leave":
    case "stash":
      return { type: choice };
    case "commit":
      return message === "" ? null : { type: "commit", message };
    case "branch":
      return name === "" ? null : { type: "branch", name };
  }
}
