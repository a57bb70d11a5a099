/* The bell and what was told, newest first. Opening it marks everything as read. */
import { Popover } from "@base-ui/react/popover";
import { Bell as BellIcon, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useNow } from "@/app/clock";
import { useNoticeActions } from "@/app/notice-actions";
import { markRead, noticeText, openNotice } from "@/app/notices";
import { attempt } from "@/app/operations";
import { useCore } from "@/app/store";
import { Button, cx, Dot, EmptyState, formatMoment, IconButton } from "@/components";
import { type Notice, noticesRemove } from "@/ipc";
import { messages } from "@/messages";
import { useBell } from "./bell-state";

const words = messages.notifications;

export function Bell() {
  const notices = useCore((state) => state.notices);
  const isOpen = useBell((state) => state.isOpen);
  const unread = notices.filter(({ is_read }) => !is_read).length;
  // What was unread when the panel opened stays marked while it is open.
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const panel = useRef<HTMLDivElement>(null);
  // Actions open it too, so this hangs on its being open, not on the press.
  useEffect(() => {
    if (!isOpen) return;
    const all = useCore.getState().notices;
    setFresh(new Set(all.filter(({ is_read }) => !is_read).map(({ id }) => id)));
    markRead(all);
  }, [isOpen]);
  return (
    <Popover.Root open={isOpen} onOpenChange={(opens) => useBell.setState({ isOpen: opens })}>
      <Popover.Trigger
        aria-label={words.open(unread)}
        title={words.title}
        className="eased relative inline-flex size-7 items-center justify-center rounded-control text-fg-2 hover:bg-hover hover:text-fg"
      >
        <BellIcon />
        {unread > 0 && (
          <span
            aria-hidden
            className="absolute top-0.5 right-0.5 min-w-3.5 rounded-full bg-accent-solid px-0.5 text-center font-semibold text-[9.5px] text-on-accent leading-[14px]"
          >
            {unread > 99 ? "99" : unread}
          </span>
        )}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="right" align="start" sideOffset={10} collisionPadding={12} className="z-30">
          <Popover.Popup
            className="flex max-h-[min(560px,calc(100dvh-60px))] w-96 flex-col rounded-dialog border border-line-strong bg-raise shadow-float outline-none"
            initialFocus={panel}
            ref={panel}
          >
            <header className="flex h-11 shrink-0 items-center justify-between border-b pr-2 pl-4">
              <Popover.Title className="font-semibold text-title">{words.title}</Popover.Title>
              {notices.length > 0 && (
                <Button tone="quiet" onClick={() => void attempt(noticesRemove({ notice_id: null }))}>
                  {words.clear}
                </Button>
              )}
            </header>
            <List notices={notices} fresh={fresh} onOpen={() => useBell.setState({ isOpen: false })} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function List(props: { notices: readonly Notice[]; fresh: ReadonlySet<string>; onOpen: () => void }) {
  if (props.notices.length === 0) return <EmptyState icon={<BellIcon />} {...words.none} />;
  return (
    <ul className="min-h-0 overflow-y-auto p-1.5">
      {props.notices.map((notice) => (
        <Item key={notice.id} notice={notice} isFresh={props.fresh.has(notice.id)} onOpen={props.onOpen} />
      ))}
    </ul>
  );
}

function Item({ notice, isFresh, onOpen }: { notice: Notice; isFresh: boolean; onOpen: () => void }) {
  const now = useNow(60_000);
  const { tone, text, detail } = noticeText(notice.kind);
  const actions = useNoticeActions(notice);
  const open = () => {
    onOpen();
    openNotice(notice);
  };
  return (
    <li className="group eased rounded-control hover:bg-hover">
      <div className="flex items-start gap-1">
        <button
          type="button"
          onClick={open}
          className="flex min-w-0 grow items-start gap-2.5 rounded-control py-2 pl-2.5 text-left -outline-offset-2!"
        >
          <span className="flex h-5 items-center">
            <Dot tone={tone} />
          </span>
          <span className="min-w-0 grow">
            <span className={cx("block break-words", isFresh && "font-semibold")}>
              {text}
              {isFresh && <span className="sr-only"> ({words.fresh})</span>}
            </span>
            {detail && <span className="line-clamp-2 break-words text-fg-3">{detail}</span>}
          </span>
          <span className="shrink-0 text-fg-3 text-small leading-5 tabular-nums">
            {formatMoment(notice.at, now)}
          </span>
        </button>
        <IconButton
          label={words.remove(text)}
          icon={<X className="size-3.5!" />}
          onClick={() => void attempt(noticesRemove({ notice_id: notice.id }))}
          className="mt-1.5 mr-1 h-6 w-6! opacity-0 focus-visible:opacity-100 group-hover:opacity-100"
        />
      </div>
      {actions.length > 0 && (
        <div className="flex gap-1.5 pb-2.5 pl-7">
          {actions.map(({ label, remark, run }) => (
            <Button
              key={label}
              aria-label={words.actionOf(label, text)}
              disabled={remark !== null}
              title={remark ? messages.sentence(remark) : undefined}
              onClick={run}
            >
              {label}
            </Button>
          ))}
        </div>
      )}
    </li>
  );
}
