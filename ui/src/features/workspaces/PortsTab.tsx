import { ExternalLink } from "lucide-react";
import { Button, CopyText, EmptyState, StatusDot } from "@/components";
import type { WorkspacePort, WorkspaceView } from "@/ipc";
import { messages } from "@/messages";
import { localAddress, usePortTools } from "./ports";

const words = messages.workspaces.ports;
const HEAD = "h-8 px-2 text-left font-[450] text-fg-2 text-small first:pl-5";
const CELL = "h-(--row) px-2 first:pl-5";

/** All ports as a table, with everything that can be done to each. */
export function PortsTab({ view }: { view: WorkspaceView }) {
  const { ports } = view.workspace;
  const { canOpen } = usePortTools(view);
  if (ports.length === 0) return <EmptyState icon={<ExternalLink />} title={words.none} />;
  return (
    <div className="min-h-0 grow overflow-y-auto">
      <table className="w-full border-collapse">
        <thead className="border-b">
          <tr>
            <th className={HEAD}>{words.state}</th>
            <th className={HEAD}>{words.inside}</th>
            <th className={HEAD}>{words.uses}</th>
            <th className={HEAD}>{words.here}</th>
            <th className={HEAD}>
              <span className="sr-only">{messages.workspaces.columns.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {ports.map((port) => (
            <PortRow key={port.port} view={view} port={port} />
          ))}
        </tbody>
      </table>
      {!canOpen && <p className="px-5 py-3 text-fg-3">{words.notRunning}</p>}
    </div>
  );
}

function PortRow({ view, port }: { view: WorkspaceView; port: WorkspacePort }) {
  const { canOpen, open, close, browse } = usePortTools(view);
  const forward = view.forwards.find((other) => other.port === port.port);
  const status = !forward
    ? { tone: "idle" as const, word: words.closedState }
    : { tone: forward.remark ? ("warn" as const) : ("ok" as const), word: words.openState };
  return (
    <tr className="border-b hover:bg-hover">
      <td className={CELL}>
        <StatusDot {...status} />
      </td>
      <td className={`${CELL} font-mono`}>{port.port}</td>
      <td className={`${CELL} text-fg-2`}>{port.label ?? "—"}</td>
      <td className={CELL}>
        {forward ? (
          <span className="flex items-center gap-3">
            <CopyText accent text={localAddress(forward)} />
            <span className="truncate text-fg-3">
              {forward.remark ?? words.conversations(forward.open_connections)}
            </span>
          </span>
        ) : (
          <span className="text-fg-3">{words.closed}</span>
        )}
      </td>
      <td className={`${CELL} pr-5`}>
        <span className="flex justify-end gap-1.5">
          {port.label !== "ssh" && (
            <Button
              tone="quiet"
              disabled={!canOpen}
              icon={<ExternalLink className="size-3.5!" />}
              aria-label={`${words.browse}: ${words.portOf(port.port)}`}
              onClick={() => browse(port.port)}
            >
              {words.browse}
            </Button>
          )}
          {forward ? (
            <Button aria-label={`${words.close} ${words.portOf(port.port)}`} onClick={() => close(forward)}>
              {words.close}
            </Button>
          ) : (
            <Button
              disabled={!canOpen}
              aria-label={`${words.open}: ${words.portOf(port.port)}`}
              onClick={() => open(port.port)}
            >
              {words.open}
            </Button>
          )}
        </span>
      </td>
    </tr>
  );
}
