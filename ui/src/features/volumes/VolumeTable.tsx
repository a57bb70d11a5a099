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
  TableHead,
  useRovingRows,
} from "@/components";
import type { ConnectionId, VolumeInfo } from "@/ipc";
import { messages } from "@/messages";
import { exportVolume } from "./carry";

const words = messages.volumes;
const COLUMNS =
  "grid grid-cols-[minmax(0,1.4fr)_110px_minmax(0,1fr)_96px_72px_36px] items-center gap-4 px-5 narrow:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)_96px_36px]";

const HEAD = [
  { title: words.columns.name },
  { title: words.columns.kind, isWide: true },
  { title: words.columns.usedBy },
  { title: words.columns.size, isRight: true },
  { title: words.columns.age, isRight: true, isWide: true },
  { title: words.columns.actions, isHidden: true },
];

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
      <TableHead grid={COLUMNS} columns={HEAD} />
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
