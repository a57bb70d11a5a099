import { firstAction } from "@/app/tunnel-actions";
import { doToTunnels } from "@/app/tunnel-operations";
import { SelectionBar, StartStop } from "@/components";
import type { TunnelView } from "@/ipc";
import { messages } from "@/messages";

/** What can be done to all selected tunnels. */
export function BulkBar({ selected, onClear }: { selected: readonly TunnelView[]; onClear: () => void }) {
  if (selected.length === 0) return null;
  const able = (id: string) => selected.filter((view) => firstAction(view, id));
  const [startable, stoppable] = [able("tunnel.start"), able("tunnel.stop")];
  return (
    <SelectionBar label={messages.tunnels.bulk.name} onClear={onClear}>
      <StartStop
        selected={selected.length}
        startable={startable.length}
        stoppable={stoppable.length}
        onStart={() => void doToTunnels("start", startable)}
        onStop={() => void doToTunnels("stop", stoppable)}
      />
    </SelectionBar>
  );
}
