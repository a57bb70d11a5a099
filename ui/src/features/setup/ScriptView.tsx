/* The script in full, as it will be run. */
import { ClipboardCopy } from "lucide-react";
import { Button, cx, useCopied } from "@/components";
import type { SetupPlan } from "@/ipc";
import { messages } from "@/messages";

const words = messages.setup;

export function ScriptView({ script, plan }: { script: string; plan: SetupPlan | null }) {
  const [copied, copy] = useCopied();
  const lines = script.trimEnd().split("\n");
  return (
    <>
      <header className="flex h-11 shrink-0 items-center gap-3 border-b px-4">
        <span className="min-w-0 grow truncate text-fg-3">
          {words.command}{" "}
          <code className="text-fg">sh server-setup.sh {plan?.arguments.join(" ") ?? "…"}</code>
        </span>
        <span className="shrink-0 text-fg-3 narrow:hidden">{words.lines(lines.length)}</span>
        <Button icon={<ClipboardCopy />} onClick={() => copy(script)}>
          {copied ? messages.copy.done : words.copy}
        </Button>
      </header>
      <div
        role="region"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
        tabIndex={0}
        aria-label={words.wholeScript}
        className="min-h-0 grow overflow-auto bg-panel py-3 -outline-offset-2!"
      >
        <pre className="w-max min-w-full pr-4">
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are their order
            <div key={index} className="flex">
              <span aria-hidden="true" className="w-12 shrink-0 select-none pr-4 text-right text-fg-3">
                {index + 1}
              </span>
              <span className={cx(line.trimStart().startsWith("#") && "text-fg-3")}>{line || " "}</span>
            </div>
          ))}
        </pre>
      </div>
    </>
  );
}
