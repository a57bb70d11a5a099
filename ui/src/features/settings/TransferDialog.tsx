/* What a file would change, item by item, before anything is changed. */
import { useEffect, useState } from "react";
import { showToast } from "@/app/toasts";
import { Button, Dialog, ErrorBox } from "@/components";
import {
  type AppError,
  type TransferItem,
  type TransferKind,
  type TransferPreview,
  toFailure,
  transferImport,
  transferPreview,
} from "@/ipc";
import { messages } from "@/messages";

const words = messages.transfer;
const KINDS: readonly TransferKind[] = [
  "settings",
  "connection",
  "tunnel",
  "template",
  "ssh_host",
  "favourite",
];

export function TransferDialog({ text, onClose }: { text: string; onClose: () => void }) {
  const [preview, setPreview] = useState<TransferPreview | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [failure, setFailure] = useState<AppError | null>(null);
  const [isSending, setSending] = useState(false);

  useEffect(() => {
    let isHere = true;
    transferPreview({ text }).then(
      (found) => {
        if (!isHere) return;
        setPreview(found);
        setChosen(new Set(found.items.filter(isNew).map(({ key }) => key)));
      },
      (thrown) => isHere && setFailure(toFailure(thrown)),
    );
    return () => {
      isHere = false;
    };
  }, [text]);

  const send = () => {
    setSending(true);
    transferImport({ text, keys: [...chosen] }).then(
      ({ added, replaced, backup }) => {
        showToast({ tone: "ok", text: words.done(added, replaced), detail: words.backupAt(backup) });
        onClose();
      },
      (thrown) => {
        setSending(false);
        setFailure(toFailure(thrown));
      },
    );
  };
  const set = (key: string, isChosen: boolean) =>
    setChosen((before) => {
      const next = new Set(before);
      if (isChosen) next.add(key);
      else next.delete(key);
      return next;
    });
  const items = preview?.items ?? [];
  const open = items.filter(({ change }) => change.change !== "same");
  return (
    <Dialog
      title={words.title}
      lead={preview ? words.lead(preview.made_by) : undefined}
      onClose={onClose}
      width={620}
      onSubmit={() => chosen.size > 0 && !isSending && send()}
      footerStart={open.length > 0 && <p className="text-fg-3">{words.backup}</p>}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={chosen.size === 0 || isSending}>
            {words.import(chosen.size)}
          </Button>
        </>
      }
    >
      {failure && <ErrorBox failure={failure} />}
      {!preview && !failure && <p className="appear-late text-fg-3">{words.reading}</p>}
      {preview && <Summary items={items} />}
      {KINDS.map((kind) => (
        <Group
          key={kind}
          title={words.kinds[kind]}
          items={open.filter((item) => item.kind === kind)}
          chosen={chosen}
          onChange={set}
        />
      ))}
    </Dialog>
  );
}

const isNew = ({ change }: TransferItem) => change.change === "new";

function Summary({ items }: { items: readonly TransferItem[] }) {
  const same = items.filter(({ change }) => change.change === "same").length;
  if (items.length === 0) return <p>{words.empty}</p>;
  if (same === items.length) return <p>{words.nothing}</p>;
  return same > 0 ? <p className="mb-3 text-fg-2">{words.same(same)}</p> : null;
}

interface GroupProps {
  title: string;
  items: readonly TransferItem[];
  chosen: ReadonlySet<string>;
  onChange: (key: string, isChosen: boolean) => void;
}

function Group({ title, items, chosen, onChange }: GroupProps) {
  if (items.length === 0) return null;
  return (
    <fieldset className="mb-3">
      <legend className="mb-1 font-[550] text-fg-2">{title}</legend>
      <ul className="divide-y divide-line rounded-card border">
        {items.map((item) => (
          <li key={item.key}>
            <label className="flex items-start gap-2.5 px-3 py-2 has-focus-visible:outline-2 has-focus-visible:outline-accent">
              <input
                type="checkbox"
                className="mt-1 accent-accent outline-none!"
                checked={chosen.has(item.key)}
                disabled={item.change.change === "refused"}
                onChange={(event) => onChange(item.key, event.target.checked)}
              />
              <span className="min-w-0">
                <span className="block truncate font-[550]">{item.name}</span>
                <span className={item.change.change === "refused" ? "text-err" : "text-fg-2"}>
                  {remark(item)}
                </span>
              </span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

function remark({ change, asks_for_secrets: asks }: TransferItem): string {
  switch (change.change) {
    case "new":
      return asks ? `${words.news}; ${words.asks}` : words.news;
    case "differs":
      return words.differs(change.points.join(", "));
    case "refused":
      return messages.sentence(change.reason);
    case "same":
      return "";
  }
}
