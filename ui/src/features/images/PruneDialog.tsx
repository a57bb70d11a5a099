/* What a prune would remove, image by image; exactly what is listed goes. */
import { useRef, useState } from "react";
import { useNow } from "@/app/clock";
import { Button, cx, Dialog, ErrorBox, formatAge, formatBytes, Segments } from "@/components";
import { type ConnectionId, type Image, type ImageId, imagesPrune, type PruneScope } from "@/ipc";
import { messages } from "@/messages";
import { labelOf, named } from "./list";
import { NoServer } from "./NoServer";
import { ServerField, useImageTarget } from "./ServerField";
import { useBegin } from "./useBegin";
import { usePruneList } from "./usePruneList";

const words = messages.images.pruneForm;

export function PruneDialog({
  connectionId,
  onClose,
}: {
  connectionId?: ConnectionId | undefined;
  onClose: () => void;
}) {
  const target = useImageTarget(connectionId);
  const { target: server, isThere } = target;
  const [scope, setScope] = useState<PruneScope>("untagged");
  const [kept, setKept] = useState<readonly ImageId[]>([]);
  const cancel = useRef<HTMLButtonElement>(null);
  const { all, list, failure, isCurrent, again } = usePruneList(server?.connection.id ?? null, scope, kept);
  const sending = useBegin(onClose, { shows: true });
  if (!server) return <NoServer title={words.title} onClose={onClose} />;
  const { id, name } = server.connection;
  const count = list?.images.length ?? 0;
  const going = new Set(list?.images.map((image) => image.id));
  const choose = (id: ConnectionId) => {
    setKept([]);
    target.choose(id);
  };
  const toggle = (image: Image) =>
    setKept((before) =>
      going.has(image.id) ? [...before, image.id] : before.filter((other) => other !== image.id),
    );
  return (
    <Dialog
      title={words.title}
      lead={words.lead}
      width={560}
      initialFocus={cancel}
      onClose={onClose}
      footerStart={
        <span aria-live="polite" className="self-center text-fg-2">
          {list && count > 0 && words.frees(formatBytes(list.freed_bytes))}
        </span>
      }
      footer={
        <>
          <Button ref={cancel} onClick={onClose}>
            {messages.cancel}
          </Button>
          <Button
            tone="danger-main"
            disabled={count === 0 || !isThere || !isCurrent || sending.isBusy}
            onClick={() =>
              list && sending.send(imagesPrune({ connection_id: id, images: list.images.map(named) }))
            }
          >
            {words.submit(count)}
          </Button>
        </>
      }
    >
      <div className="flex min-h-60 flex-col gap-3.5">
        <ServerField {...target} choose={choose} />
        <Segments
          wide
          label={words.scope}
          value={scope}
          onChange={(next) => {
            setKept([]);
            setScope(next);
          }}
          segments={[
            { value: "untagged", label: words.untagged },
            { value: "unused", label: words.unused },
          ]}
        />
        {sending.failure && <ErrorBox failure={sending.failure} />}
        {failure && <ErrorBox failure={failure} onRetry={again} />}
        {all.length > 0 ? (
          <ul className={cx("flex flex-col rounded-card border", !isCurrent && "opacity-70")}>
            {all.map((image) => (
              <PruneRow
                key={image.id}
                image={image}
                isGoing={going.has(image.id)}
                onToggle={() => toggle(image)}
              />
            ))}
          </ul>
        ) : (
          !failure && (
            <p className={cx("m-auto text-fg-3", !isCurrent && "appear-late")}>
              {isCurrent ? words.nothing(name) : words.asking}
            </p>
          )
        )}
      </div>
    </Dialog>
  );
}

function PruneRow(props: { image: Image; isGoing: boolean; onToggle: () => void }) {
  const { image, isGoing, onToggle } = props;
  const now = useNow(60_000);
  const label = labelOf(image);
  return (
    <li className="border-b last:border-b-0">
      <label className="eased flex h-9 items-center gap-2.5 px-3 hover:bg-hover">
        <input
          type="checkbox"
          checked={isGoing}
          onChange={onToggle}
          aria-label={words.keep(label)}
          className="accent-accent"
        />
        <span className={cx("min-w-0 grow truncate font-mono", !isGoing && "text-fg-3")}>{label}</span>
        {image.names.length === 0 && <span className="shrink-0 text-fg-3">{messages.images.noName}</span>}
        <span className="w-12 shrink-0 text-right text-fg-3">
          {image.created_at === null ? "" : formatAge(image.created_at, now)}
        </span>
        <span className="w-18 shrink-0 text-right text-fg-2 tabular-nums">
          {formatBytes(image.size_bytes)}
        </span>
      </label>
    </li>
  );
}
