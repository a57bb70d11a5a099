/* The tunnels as a grid; Enter or a click shows one below. */
import { useRowHeight } from "@/app/density";
import { goTo, history, paths } from "@/app/navigation";
import { useTunnel } from "@/app/store";
import { tunnelMenu } from "@/app/tunnel-actions";
import { type MenuPlace, PlacedMenu, RowGrid, type RowSelection } from "@/components";
import type { TunnelId, TunnelView } from "@/ipc";
import { messages } from "@/messages";
import { keyOf } from "./filter";
import { COLUMNS, TunnelRow } from "./TunnelRow";

const words = messages.tunnels;

export function TunnelGrid({
  rows,
  selection,
  shown,
  className,
  height,
}: {
  rows: readonly TunnelView[];
  selection: RowSelection;
  /** The one whose detail is open. */
  shown: TunnelId | undefined;
  className?: string;
  height?: string | undefined;
}) {
  return (
    <RowGrid
      label={words.title}
      rows={rows}
      keyOf={keyOf}
      rowPx={useRowHeight()}
      columns={COLUMNS}
      head={HEAD}
      selection={selection}
      onOpen={({ tunnel }) => goTo(paths.tunnel(tunnel.id))}
      drawRow={(props) => <TunnelRow key={props.rowKey} {...props} />}
      drawMenu={(id, place, onClose) => <RowMenu {...{ id, place, onClose }} />}
      shown={
        shown === undefined
          ? undefined
          : {
              key: shown,
              follow: ({ tunnel }) => history.replace(paths.tunnel(tunnel.id)),
              close: () => goTo(paths.tunnels()),
            }
      }
      className={className}
      height={height}
    />
  );
}

/** The menu of whichever row was asked for it. */
function RowMenu({ id, place, onClose }: { id: TunnelId; place: MenuPlace; onClose: () => void }) {
  const view = useTunnel(id);
  return view ? <PlacedMenu place={place} groups={tunnelMenu(view)} onClose={onClose} /> : null;
}

const HEAD = [
  { title: words.columns.state },
  { title: words.columns.name },
  { title: words.columns.ends },
  { title: words.columns.through },
  { title: words.columns.roundTrip, leaves: "tighter" as const },
  { title: words.columns.traffic, leaves: "tight" as const },
  { title: words.columns.strip, leaves: "tightest" as const },
];
