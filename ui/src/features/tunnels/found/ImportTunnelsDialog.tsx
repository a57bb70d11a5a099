/* Forwards of the SSH config as a list to tick: where each stands and what becomes of it. */
import { Check, SearchX, ShieldAlert } from "lucide-react";
import { useRef } from "react";
import { pointText, sentenceOf } from "@/app/tunnels";
import { Button, Checkbox, cx, Dialog, EmptyState, ErrorBox } from "@/components";
import type { TunnelFound } from "@/ipc";
import { messages } from "@/messages";
import { type FoundFlow, isFresh, keyOf, useFound } from "./useFound";

const words = messages.tunnels.found;

export function ImportTunnelsDialog({ onClose }: { onClose: () => void }) {
  const flow = useFound();
  const body = useRef<HTMLDivElement>(null);
  const { looked, isBusy } = flow;
  const count = flow.ticked.size;
  const make = async () => {
    if (await flow.make()) onClose();
  };
  return (
    <Dialog
      title={words.title}
      lead={words.lead}
      onClose={onClose}
      width={720}
      initialFocus={body}
      onSubmit={() => count > 0 && !isBusy && void make()}
      footerStart={
        <Button tone="quiet" onClick={flow.look} disabled={looked.at === "looking" || isBusy}>
          {words.again}
        </Button>
      }
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={count === 0 || isBusy}>
            {isBusy ? words.importing : words.import(count)}
          </Button>
        </>
      }
    >
      <div ref={body} tabIndex={-1} className="outline-none!">
        <Body flow={flow} />
      </div>
    </Dialog>
  );
}

function Body({ flow }: { flow: FoundFlow }) {
  const { looked } = flow;
  if (looked.at === "looking")
    return <p className="appear-late py-6 text-center text-fg-3">{words.looking}</p>;
  if (looked.at === "failed") return <ErrorBox failure={looked.failure} onRetry={flow.look} />;
  if (looked.found.length === 0)
    return <EmptyState icon={<SearchX />} title={words.none.title} text={words.none.text} />;
  const fresh = looked.found.filter(isFresh).map(keyOf);
  const tickedCount = fresh.filter((key) => flow.ticked.has(key)).length;
  return (
    <div className="overflow-hidden rounded-card border bg-bg">
      <div className="flex items-center gap-3 border-b bg-panel px-4 py-2">
        <Checkbox
          aria-label={words.tickAll}
          checked={fresh.length > 0 && tickedCount === fresh.length}
          isMixed={tickedCount > 0 && tickedCount < fresh.length}
          disabled={fresh.length === 0 || flow.isBusy}
          onChange={(isOn) => flow.tick(fresh, isOn)}
        />
        <span className="text-fg-2">{words.tickAll}</span>
      </div>
      <ul aria-label={words.list} className="divide-y">
        {looked.found.map((found) => (
          <FoundRow key={keyOf(found)} found={found} flow={flow} />
        ))}
      </ul>
    </div>
  );
}

function FoundRow({ found, flow }: { found: TunnelFound; flow: FoundFlow }) {
  const key = keyOf(found);
  const { alias, file, line, text, input, problem } = found;
  const outcome = flow.outcomes[key];
  const isMade = outcome?.at === "made";
  return (
    <li className="flex items-start gap-3 px-4 py-2.5">
      <Checkbox
        aria-label={words.tick(text, alias)}
        checked={flow.ticked.has(key)}
        disabled={!isFresh(found) || flow.isBusy || isMade}
        onChange={(isOn) => flow.tick([key], isOn)}
        className="mt-px"
      />
      <div className="min-w-0 grow">
        <p className="flex min-w-0 items-baseline gap-2.5">
          <span className={cx("min-w-0 truncate", !isFresh(found) && "text-fg-2")} title={text}>
            <span className="font-[550]">{alias}</span> <span className="font-mono">{text}</span>
          </span>
          <span className="ml-auto min-w-0 shrink-[10] truncate font-mono text-fg-3 text-small" title={file}>
            {words.place(file, line)}
          </span>
        </p>
        {input && <p className="truncate text-fg-2">{messages.sentence(sentenceOf(input.route, alias))}</p>}
        {input?.options.may_be_exposed && (
          <p className="flex gap-1.5 text-warn">
            <ShieldAlert className="mt-0.5 shrink-0" />
            <span>{messages.tunnels.form.exposedWarning(pointText(input.route.listen))}</span>
          </p>
        )}
        {problem && <p className="text-warn">{messages.sentence(problem)}</p>}
        {found.is_known && <p className="text-fg-3">{words.known}</p>}
        {isMade && (
          <p className="flex items-center gap-1 text-ok">
            <Check className="size-3!" /> {words.made}
          </p>
        )}
        {outcome?.at === "failed" && <ErrorBox failure={outcome.failure} className="mt-2" />}
      </div>
    </li>
  );
}
