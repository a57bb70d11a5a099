import { Play, Square } from "lucide-react";
import { firstAction } from "@/app/tunnel-actions";
import { doToTunnels } from "@/app/tunnel-operations";
import { Button, SelectionBar } from "@/components";
import type { TunnelView } from "@/ipc";
import { messages } from "@/messages";

const words = messages.bulk;

/** What can be done to all selected tunnels. */
export function BulkBar({ selected, onClear }: { selected: readonly TunnelView[]; onClear: () => void }) {
  if (selected.length === 0) return null;
  const able = (id: string) => selected.filter((view) => firstAction(view, id));
  const [startable, stoppable] = [able("tunnel.start"), able("tunnel.stop")];
  return (
    <SelectionBar label={messages.tunnels.bulk.name} onClear={onClear}>
      <span className="tabular-nums">{words.selected(selected.length)}</span>
      <Button
        icon={<Play />}
        disabled={startable.length === 0}
        title={startable.length === 0 ? words.noneToStart : undefined}
        onClick={() => void doToTunnels("start", startable)}
      >
        {words.start(startable.length)}
      </Button>
      <Button
        icon={<Square className="size-3!" />}
        disabled={stoppable.length === 0}
        title={stoppable.length === 0 ? words.noneToStop : undefined}
        onClick={() => void doToTunnels("stop", stoppable)}
      >
        {words.stop(stoppable.length)}
      </Button>
    </SelectionBar>
  );
}
