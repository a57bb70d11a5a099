/* The first start: what this computer already knows of servers, else what Moorline is for. */
import { KeyRound, Plus } from "lucide-react";
import type { ReactNode } from "react";
import { openDialog } from "@/app/dialogs";
import { goTo, paths } from "@/app/navigation";
import { Mark } from "@/app/shell/Mark";
import { useCore } from "@/app/store";
import { Button } from "@/components";
import { messages } from "@/messages";

const words = messages.onboarding;

interface WelcomeProps {
  /** What was found and the button that takes it; none when there is nothing to take. */
  found: { lead: string; list: ReactNode; action: ReactNode } | undefined;
}

/** Shown instead of the shell while there is no connection. */
export function Welcome({ found }: WelcomeProps) {
  const isVault = useCore((state) => state.info?.secrets.kept_in === "vault");
  const addByHand = () => openDialog({ dialog: "add-connection" });
  return (
    <div className="flex h-full overflow-y-auto bg-side px-6">
      <div className="m-auto w-full max-w-160 py-10">
        <div className="mb-6 flex items-center gap-3.5">
          <Mark size={46} />
          <div>
            <h1 className="font-[650] text-welcome">{words.title}</h1>
            <p className="text-fg-2">{found?.lead ?? words.lead}</p>
          </div>
        </div>
        {found?.list ?? <Steps />}
        <div className="sticky bottom-0 mt-1.5 flex items-center justify-between bg-side py-3">
          <div className="-ml-3.5 flex gap-1">
            {found && (
              <Button tone="quiet" size="form" onClick={addByHand}>
                {words.byHand}
              </Button>
            )}
            <Button tone="quiet" size="form" onClick={() => goTo(paths.settings())}>
              {messages.shell.settings}
            </Button>
          </div>
          {found?.action ?? (
            <Button tone="main" size="form" icon={<Plus />} onClick={addByHand}>
              {words.action}
            </Button>
          )}
        </div>
        <p className="mt-4 flex items-center gap-2.5 text-fg-3">
          <KeyRound className="shrink-0" />
          {isVault ? words.promiseVault : words.promise}
        </p>
      </div>
    </div>
  );
}

function Steps() {
  return (
    <ol className="overflow-hidden rounded-card border bg-bg">
      {words.steps.map(({ title, text }, index) => (
        <li key={title} className="flex items-center gap-3.5 border-b px-4 py-3 last:border-b-0">
          <span
            aria-hidden="true"
            className="flex size-6 shrink-0 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent text-small"
          >
            {index + 1}
          </span>
          <div>
            <h2 className="font-[550]">{title}</h2>
            <p className="text-fg-2">{text}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}
