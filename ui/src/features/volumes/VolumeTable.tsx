import { Copy, Ellipsis, Trash2, Upload } from "lucide-react";
import { useNow } from "@/app/clock";
import { goTo, paths } from "@/app/navigation";
import {
  CopyText,
  cx,
  formatAge,
  formatBytes,
  IconButton,
  Menu,
  type MenuGroups,
  useRovingRows,
} from "@/components";
import type { ConnectionId, VolumeInfo } from "@/ipc";
import { messages } from "@/messages";
import { exportVolume } from "./carry";

const words = messages.volumes;
const COLUMNS =
  "grid grid-cols-[minmax(0,1.4fr)_110px_minmax(0,1fr)_96px_72px_36px] items-center gap-4 px-5 narrow:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)_96px_36px]";

interface VolumeTableProps {
  connectionId: ConnectionId;
  volumes: readonly VolumeInfo[];
  isDesktop: boolean;
  onRemove: (volume: VolumeInfo) => void;
}

/** Volumes as a list; the menu of a row exports or deletes. */
export function VolumeTable({ connectionId, volumes, isDesktop, onRemove }: VolumeTableProps) {
  const open = (volume: VolumeInfo | undefined) => {
    const user = volume?.used_by[0];
    if (user) goTo(paths.workspace({ connection_id: connectionId, workspace_id: user.workspace_id }));
  };
  const { rowProps, onKeyDown } = useRovingRows({
    count: volumes.length,
    onOpen: (index) => open(volumes[index]),
  });
  return (
    <div
      role="grid"
      aria-label={words.title}
      aria-rowcount={volumes.length + 1}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className="flex min-h-0 grow flex-col overflow-y-auto"
    >
      <div
        role="row"
        aria-rowindex={1}
        tabIndex={-1}
        className={cx(COLUMNS, "sticky top-0 z-10 h-8 shrink-0 border-b bg-bg text-fg-3 text-small")}
      >
        <Head text={words.columns.name} />
        <Head text={words.columns.kind} className="narrow:hidden" />
        <Head text={words.columns.usedBy} />
        <Head text={words.columns.size} className="text-right" />
        <Head text={words.columns.age} className="text-right narrow:hidden" />
        <span role="columnheader" className="sr-only">
          {words.columns.actions}
        </span>
      </div>
      {volumes.map((volume, index) => (
        <div
          key={volume.name}
          {...rowProps(index)}
          role="row"
          className={cx(
            COLUMNS,
            "eased h-10.5 shrink-0 border-b -outline-offset-2! hover:bg-hover focus-visible:bg-selected",
          )}
        >
          <Cells volume={volume} />
          <span role="gridcell">
            <Menu
              groups={menuOf(connectionId, volume, isDesktop, onRemove)}
              trigger={<IconButton label={words.more(volume.name)} icon={<Ellipsis />} />}
            />
          </span>
        </div>
      ))}
    </div>
  );
}

function Head({ text, className }: { text: string; className?: string }) {
  return (
    <span role="columnheader" className={className}>
      {text}
    </span>
  );
}

function Cells({ volume }: { volume: VolumeInfo }) {
  const now = useNow(60_000);
  const users = volume.used_by.map(({ name }) => name).join(", ");
  return (
    <>
      <span role="gridcell" className="flex min-w-0">
        <CopyText text={volume.name} className="max-w-full" />
      </span>
      <span role="gridcell" className="text-fg-2 narrow:hidden">
        {words.kind[volume.kind]}
      </span>
      <span role="gridcell" className={cx("truncate", users ? "text-fg-2" : "text-fg-3")}>
        {users || words.unused}
      </span>
      <span role="gridcell" className="text-right text-fg-2 tabular-nums">
        {volume.size_bytes === null ? words.unknownSize : formatBytes(volume.size_bytes)}
      </span>
      <span role="gridcell" className="text-right text-fg-2 narrow:hidden">
        {volume.created_at === null ? "" : formatAge(volume.created_at, now)}
      </span>
    </>
  );
}

function menuOf(
  connectionId: ConnectionId,
  volume: VolumeInfo,
  isDesktop: boolean,
  onRemove: (volume: VolumeInfo) => void,
): MenuGroups {
  const user = volume.used_by[0];
  return [
    [
      {
        id: "copy",
        label: words.copyName,
        icon: <Copy />,
        run: () => void navigator.clipboard.writeText(volume.name),
      },
      {
        id: "export",
        label: words.exportTo,
        icon: <Upload />,
        run: () => void exportVolume(connectionId, volume.name),
        ...(isDesktop ? {} : { isDisabled: true, remark: words.onlyDesktop }),
      },
    ],
    [
      {
        id: "remove",
        label: words.remove,
        icon: <Trash2 />,
        isDanger: true,
        run: () => onRemove(volume),
        ...(user ? { isDisabled: true, remark: words.removeUsed(user.name) } : {}),
      },
    ],
  ];
}
