import { Button, ErrorBox } from "@/components";
import type { TerminalView } from "@/ipc";
import { messages } from "@/messages";
import { closeTerminal, openAgain } from "./open";
import type { Attachment } from "./session";

const words = messages.terminal;

/** Below a terminal: that its program ended, or that its output stopped coming. */
export function EndBar({
  view,
  attachment,
  onAttach,
}: {
  view: TerminalView | undefined;
  attachment: Attachment;
  onAttach: () => void;
}) {
  if (view?.ended) {
    return (
      <div role="status" className="flex h-9 shrink-0 items-center gap-1 border-t bg-panel px-3.5 text-fg-2">
        <span className="mr-1 truncate">{endOf(view)}</span>
        <Button tone="quiet" className="text-accent!" onClick={() => void openAgain(view)}>
          {words.openAgain}
        </Button>
        <Button tone="quiet" onClick={() => closeTerminal(view.id)}>
          {words.close}
        </Button>
      </div>
    );
  }
  if (attachment.at !== "lost") return null;
  return (
    <div className="shrink-0 border-t bg-panel p-2">
      <ErrorBox
        failure={attachment.failure}
        tone="warn"
        actions={<Button onClick={onAttach}>{words.attachAgain}</Button>}
      />
    </div>
  );
}

/** "bash ended with exit code 0", or why the link to it broke. */
function endOf({ title, ended }: TerminalView): string {
  const program = title.split(": ").at(-1) ?? title;
  const code = ended?.exit_code ?? null;
  return code === null ? messages.sentence(ended?.message ?? "") : words.ended(program, code);
}
