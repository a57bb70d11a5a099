/* One server that was found: ticked or not, and on request what becomes of it. */
import { ArrowRight, ChevronRight } from "lucide-react";
import { useId, useState } from "react";
import { useCore } from "@/app/store";
import { Checkbox, cx, ErrorBox, Fact, Facts, Field, Input } from "@/components";
import type { ImportFound, ImportHost, ImportItem, SshAuth } from "@/ipc";
import { messages } from "@/messages";
import { type ImportFlow, nameOf } from "./useImport";

const words = messages.importing;

interface RowProps {
  item: ImportItem;
  all: ImportFound[];
  flow: ImportFlow;
}

export function ImportRow({ item, all, flow }: RowProps) {
  const [isOpen, setOpen] = useState(false);
  const labelId = useId();
  const bodyId = useId();
  const failure = flow.failures[item.id];
  const name = nameOf(flow, item);
  const note = remarkOf(item, all);
  return (
    <li className="pl-12">
      <div className="flex items-center gap-3 pr-4">
        <Checkbox
          aria-label={words.tick(item.found_as)}
          aria-describedby={note ? labelId : undefined}
          checked={flow.ticked.has(item.id)}
          disabled={item.known !== null || flow.isTaking}
          onChange={(isOn) => flow.tick([item.id], isOn)}
        />
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={bodyId}
          onClick={() => setOpen(!isOpen)}
          className="flex min-w-0 grow items-center gap-3 py-1.5 text-left outline-offset-0!"
        >
          <span className={cx("min-w-0 grow", item.known && "text-fg-2")}>
            <span className="flex min-w-0 items-center gap-2">
              <span className="truncate font-[550]">{item.found_as}</span>
              {name !== item.found_as && !item.known && (
                <span className="flex min-w-0 items-center gap-2 text-fg-2">
                  <ArrowRight className="size-3! text-fg-3" />
                  <span className="truncate">{name}</span>
                </span>
              )}
            </span>
            <span className="flex min-w-0 items-baseline gap-2 text-fg-2">
              <span className="truncate font-mono text-small">{hostInWords(item.host)}</span>
              {item.jumps.length > 0 && (
                <span className="shrink-0">{words.through(item.jumps.map(shortOf).join(", "))}</span>
              )}
            </span>
            {note && (
              <span id={labelId} className="block truncate text-fg-3">
                {note}
              </span>
            )}
          </span>
          <ChevronRight className={cx("eased text-fg-3", isOpen && "rotate-90")} />
        </button>
      </div>
      {failure && <ErrorBox failure={failure} className="mr-4 mb-2 ml-7.5" />}
      {isOpen && (
        <div id={bodyId} className="pr-4 pb-3 pl-7.5">
          <Becomes item={item} name={name} flow={flow} />
        </div>
      )}
    </li>
  );
}

/** What would be stored, fact by fact, and what differs from what stands in the file. */
function Becomes({ item, name, flow }: { item: ImportItem; name: string; flow: ImportFlow }) {
  const labels = useFieldLabels(item.kind);
  const failure = flow.failures[item.id];
  return (
    <>
      {!item.known && (
        <Field
          label={words.becomes.name}
          help={words.becomes.nameHelp}
          error={failure?.field === "name" ? failure.hint : null}
          className="mb-2.5 max-w-80"
        >
          {(control) => (
            <Input
              {...control}
              value={name}
              maxLength={64}
              onChange={(event) => flow.rename(item.id, event.target.value)}
            />
          )}
        </Field>
      )}
      <Facts>
        <Fact name={words.becomes.host}>
          <span className="font-mono">{hostInWords(item.host)}</span>
        </Fact>
        {item.jumps.length > 0 && (
          <Fact name={words.becomes.through}>
            <span className="font-mono">{item.jumps.map(hostInWords).join(" → ")}</span>
          </Fact>
        )}
        <Fact name={words.becomes.auth}>{item.host.auth.map(authInWords).join(", ")}</Fact>
        {Object.entries(item.fields).map(([field, value]) => (
          <Fact key={field} name={labels[field] ?? field}>
            <span className="font-mono">{value}</span>
          </Fact>
        ))}
        <Fact name={words.becomes.place}>{item.place}</Fact>
      </Facts>
      {item.remarks.length > 0 && (
        <ul className="mt-2.5 flex list-disc flex-col gap-1 pl-4 text-fg-2 marker:text-fg-3">
          {item.remarks.map((remark) => (
            <li key={remark}>{remark}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function useFieldLabels(kind: string): Record<string, string> {
  const descriptor = useCore((state) => state.descriptors.find((known) => known.kind === kind));
  return Object.fromEntries(descriptor?.fields.map(({ name, label }) => [name, label]) ?? []);
}

function remarkOf({ known, same_as }: ImportItem, all: ImportFound[]): string | undefined {
  if (known) return words.known(known.name);
  const twin = all.find(({ items }) => items.some(({ id }) => id === same_as));
  const item = twin?.items.find(({ id }) => id === same_as);
  return twin && item ? words.sameAs(item.found_as, words.sources[twin.source]) : undefined;
}

const addressInWords = ({ host, port }: ImportHost["addresses"][number]) =>
  port === 22 ? host : host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;

const hostInWords = ({ user, addresses }: ImportHost) =>
  `${user}@${addresses.map(addressInWords).join(" | ")}`;

const shortOf = ({ addresses }: ImportHost) => addresses[0]?.host ?? "";

const authInWords = (auth: SshAuth): string =>
  auth.method === "key_file" ? `${words.auth.key_file} ${auth.path}` : words.auth[auth.method];
