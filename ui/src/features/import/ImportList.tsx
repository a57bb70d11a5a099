/* Everything that was found, source by source; each opens to its servers and to what was left out. */
import { ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import { Checkbox, cx } from "@/components";
import type { ImportFound } from "@/ipc";
import { messages } from "@/messages";
import { ImportRow } from "./ImportRow";
import type { ImportFlow } from "./useImport";

const words = messages.importing;

export function ImportList({ found, flow }: { found: ImportFound[]; flow: ImportFlow }) {
  return (
    <ul aria-label={words.list} className="overflow-hidden rounded-card border bg-bg">
      {found.map((one) => (
        <Source key={one.source} found={one} all={found} flow={flow} />
      ))}
    </ul>
  );
}

function Source({ found, all, flow }: { found: ImportFound; all: ImportFound[]; flow: ImportFlow }) {
  const { source, files, items, left_out } = found;
  const open = items.filter((item) => !item.known);
  const ticked = open.filter(({ id }) => flow.ticked.has(id)).length;
  const hasFailure = items.some(({ id }) => flow.failures[id]);
  const [isOpen, setOpen] = useState<boolean | null>(null);
  const isShown = isOpen ?? (hasFailure || (all.length === 1 && items.length <= 4));
  const bodyId = useId();
  const title = words.sources[source];
  return (
    <li className="border-b last:border-b-0">
      <div className="flex items-center gap-3 px-4">
        <Checkbox
          aria-label={words.tickAll(title)}
          checked={open.length > 0 && ticked === open.length}
          isMixed={ticked > 0 && ticked < open.length}
          disabled={open.length === 0 || flow.isTaking}
          onChange={(isOn) =>
            flow.tick(
              open.map(({ id }) => id),
              isOn,
            )
          }
        />
        <button
          type="button"
          aria-expanded={isShown}
          aria-controls={bodyId}
          onClick={() => setOpen(!isShown)}
          className="flex min-w-0 grow items-center gap-3 py-2 text-left outline-offset-0!"
        >
          <span className="min-w-0 grow">
            <span className="flex min-w-0 items-baseline gap-2.5">
              <span className="shrink-0 font-[550]">{title}</span>
              <span className="truncate font-mono text-fg-3 text-small">{filesInWords(files)}</span>
            </span>
            <span className="block truncate text-fg-2">{summary(found)}</span>
          </span>
          <ChevronRight className={cx("eased text-fg-3", isShown && "rotate-90")} />
        </button>
      </div>
      {isShown && (
        <div id={bodyId} className="border-t bg-panel">
          <ul className="divide-y">
            {items.map((item) => (
              <ImportRow key={item.id} item={item} all={all} flow={flow} />
            ))}
          </ul>
          {left_out.length > 0 && <LeftOut found={found} hasItems={items.length > 0} />}
        </div>
      )}
    </li>
  );
}

function LeftOut({ found: { left_out }, hasItems }: { found: ImportFound; hasItems: boolean }) {
  return (
    <section aria-label={words.leftOut} className={cx("py-2.5 pr-4 pl-12", hasItems && "border-t")}>
      <p className="font-[550] text-fg-2">{words.leftOut}</p>
      <ul className="mt-1 flex flex-col gap-1">
        {left_out.map(({ what, place, why }) => (
          <li key={`${what} ${place}`} className="text-fg-2">
            <span className="font-mono text-fg text-small">{what}</span>: {why}.{" "}
            <span className="text-fg-3">{place === what ? null : place}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const filesInWords = (files: string[]) =>
  files.length > 1 ? `${files[0]} +${files.length - 1}` : (files[0] ?? "");

function summary({ items, left_out }: ImportFound): string {
  const fresh = items.filter((item) => !item.known);
  const parts = fresh.length > 0 ? [words.names(fresh.map(({ name }) => name))] : [];
  if (fresh.length < items.length) parts.push(words.alreadyHere(items.length - fresh.length));
  if (items.length === 0) parts.push(words.noServer);
  if (left_out.length > 0) parts.push(words.leftOutCount(left_out.length));
  return parts.join(" · ");
}
