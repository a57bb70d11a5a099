/* The first start: what Moorline is for, and the one way to begin. */
import { KeyRound, Plus } from "lucide-react";
import { openDialog } from "@/app/dialogs";
import { goTo, paths } from "@/app/navigation";
import { Mark } from "@/app/shell/Mark";
import { useCore } from "@/app/store";
import { Button } from "@/components";
import { messages } from "@/messages";

const words = messages.onboarding;

/** Shown instead of the shell while there is no connection. */
export function Welcome() {
  const isVault = useCore((state) => state.info?.secrets.kept_in === "vault");
  return (
    <div className="flex h-full overflow-y-auto bg-side px-6">
      <div className="m-auto w-full max-w-160 py-10">
        <div className="flex items-center gap-3.5">
          <Mark size={46} />
          <div>
            <h1 className="font-[650] text-welcome">{words.title}</h1>
            <p className="text-fg-2">{words.lead}</p>
          </div>
        </div>
        <ol className="mt-6 overflow-hidden rounded-card border bg-bg">
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
        <div className="mt-4.5 flex items-center justify-between">
          <Button tone="quiet" size="form" className="-ml-3.5" onClick={() => goTo(paths.settings())}>
            {messages.shell.settings}
          </Button>
          <Button
            tone="main"
            size="form"
            icon={<Plus />}
            onClick={() => openDialog({ dialog: "add-connection" })}
          >
            {words.action}
          </Button>
        </div>
        <p className="mt-7 flex items-center gap-2.5 text-fg-3">
          <KeyRound />
          {isVault ? words.promiseVault : words.promise}
        </p>
      </div>
    </div>
  );
}
