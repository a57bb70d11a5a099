import { Ellipsis } from "lucide-react";
import type { ReactNode } from "react";
import { useNow } from "@/app/clock";
import {
  Chip,
  ContextMenu,
  cx,
  formatAge,
  formatBytes,
  formatMoment,
  IconButton,
  Menu,
  TableHead,
  Tooltip,
  useRovingRows,
} from "@/components";
import type { Image } from "@/ipc";
import { messages } from "@/messages";
import { imageMenu, openMain } from "./actions";
import { type ImageRow, labelOf, shortName } from "./list";

const words = messages.images;
/** Name, server, base, used by, size, age, menu; the server leaves first, then the age. */
const COLUMNS =
  "grid grid-cols-[minmax(150px,1.6fr)_minmax(72px,110px)_minmax(110px,1fr)_minmax(90px,1fr)_72px_48px_32px] items-center gap-x-3 px-5 narrow:grid-cols-[minmax(140px,1.4fr)_minmax(104px,1fr)_minmax(80px,1fr)_72px_32px]";

const HEAD = [
  { title: words.columns.image },
  { title: words.columns.server, isWide: true },
  { title: words.columns.base },
  { title: words.columns.usedBy },
  { title: words.columns.size, isRight: true },
  { title: words.columns.age, isRight: true, isWide: true },
  { title: words.columns.actions, isHidden: true },
];

/** Images as a list; Enter or a click makes a workspace of one, the menu holds the rest. */
export function ImageTable({ rows, footer }: { rows: readonly ImageRow[]; footer: ReactNode }) {
  const { active, rowProps, onKeyDown } = useRovingRows({
    count: rows.length,
    onOpen: (index) => rows[index] && openMain(rows[index]),
  });
  return (
    <div className="min-h-0 grow overflow-y-auto">
      <div
        role="grid"
        aria-label={words.title}
        aria-rowcount={rows.length + 1}
        tabIndex={-1}
        onKeyDown={onKeyDown}
        className="flex flex-col"
      >
        <TableHead grid={COLUMNS} columns={HEAD} />
        {rows.map((row, index) => (
          <Row key={row.key} row={row} isActive={index === active} rowProps={rowProps(index)} />
        ))}
      </div>
      {footer}
    </div>
  );
}

interface RowProps {
  row: ImageRow;
  isActive: boolean;
  rowProps: ReturnType<ReturnType<typeof useRovingRows>["rowProps"]>;
}

function Row({ row, isActive, rowProps }: RowProps) {
  const now = useNow(60_000);
  const { image, server } = row;
  const label = labelOf(image);
  const groups = imageMenu(row);
  return (
    <ContextMenu groups={groups}>
      <div
        {...rowProps}
        role="row"
        aria-label={label}
        onClick={() => openMain(row)}
        className={cx(
          COLUMNS,
          "group eased h-10.5 shrink-0 border-b -outline-offset-2! hover:bg-hover focus-within:bg-selected data-popup-open:bg-selected",
        )}
      >
        <NameCell image={image} />
        <span role="gridcell" className="truncate text-fg-2 narrow:hidden">
          {server}
        </span>
        <BaseCell image={image} now={now} />
        <UsersCell image={image} />
        <span role="gridcell" className="text-right text-fg-2 tabular-nums">
          {formatBytes(image.size_bytes)}
        </span>
        <span role="gridcell" className="text-right text-fg-3 narrow:hidden">
          {image.created_at === null ? "—" : formatAge(image.created_at, now)}
        </span>
        <span
          role="gridcell"
          onClick={(event) => event.stopPropagation()}
          className="flex justify-end opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 group-data-popup-open:opacity-100 has-data-popup-open:opacity-100"
        >
          <Menu
            groups={groups}
            trigger={
              <IconButton label={words.more(label)} icon={<Ellipsis />} tabIndex={isActive ? 0 : -1} />
            }
          />
        </span>
      </div>
    </ContextMenu>
  );
}

function NameCell({ image }: { image: Image }) {
  const [first, ...others] = image.names;
  return (
    <span role="gridcell" className="flex min-w-0 items-center gap-2" title={image.names.join("\n")}>
      <span className={cx("truncate font-mono", first === undefined ? "text-fg-3" : "font-[550]")}>
        {first === undefined ? image.id.replace(/^sha256:/, "").slice(0, 12) : shortName(first)}
      </span>
      {first === undefined && (
        <span className="shrink-0 text-fg-3" title={words.noNameHelp}>
          {words.noName}
        </span>
      )}
      {others.length > 0 && <span className="shrink-0 text-fg-3">{words.moreNames(others.length)}</span>}
      {image.is_dev_image && <Chip>{words.dev}</Chip>}
    </span>
  );
}

/** The base and whether it is still the one that is there; nothing is guessed. */
function BaseCell({ image: { base }, now }: { image: Image; now: number }) {
  if (base.state === "unrecorded")
    return (
      <span role="gridcell" className="text-fg-3" title={words.unrecorded}>
        —
      </span>
    );
  if (base.state !== "outdated")
    return (
      <span
        role="gridcell"
        className={cx("truncate font-mono", base.state === "absent" ? "text-fg-3" : "text-fg-2")}
        title={base.state === "absent" ? words.absent(base.name) : words.current(base.name)}
      >
        {shortName(base.name)}
      </span>
    );
  const moment = base.base_created_at === null ? null : formatMoment(base.base_created_at, now);
  return (
    <span role="gridcell" className="min-w-0">
      <Tooltip text={words.outdatedHelp(base.name, moment)}>
        <span className="inline-flex h-5 max-w-full items-center rounded-full bg-warn-soft px-2 text-small text-warn">
          <span className="truncate">{words.outdated}</span>
        </span>
      </Tooltip>
    </span>
  );
}

function UsersCell({ image: { used_by } }: { image: Image }) {
  const names = used_by.map(({ name }) => name);
  return (
    <span
      role="gridcell"
      className={cx("truncate", names.length === 0 ? "text-fg-3" : "text-fg-2")}
      title={names.join(", ")}
    >
      {names.length === 0 ? words.notUsed : names.length < 3 ? names.join(", ") : words.users(names.length)}
    </span>
  );
}
