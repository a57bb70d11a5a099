import { Copy } from "lucide-react";
import { Button, useCopied } from "@/components";
import { messages } from "@/messages";

const { detail: words } = messages.tunnels;

/** The same tunnel as a command line. */
export function Command({ command }: { command: string }) {
  const [copied, copy] = useCopied();
  return (
    <div className="flex flex-col gap-2 px-5 py-3">
      <p className="text-fg-3">{words.commandText}</p>
      <div className="flex items-start gap-2.5">
        <pre className="min-w-0 grow whitespace-pre-wrap rounded-card border bg-side px-3 py-2 wrap-anywhere">
          {command}
        </pre>
        <Button icon={<Copy />} onClick={() => copy(command)} aria-live="polite">
          {copied ? messages.copy.done : words.copyCommand}
        </Button>
      </div>
    </div>
  );
}
