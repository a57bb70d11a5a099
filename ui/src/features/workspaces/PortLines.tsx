import { ArrowRight } from "lucide-react";
import { Button, CopyText, Dot } from "@/components";
import type { Forward, WorkspacePort, WorkspaceView } from "@/ipc";
import { messages } from "@/messages";
import { localAddress, usePortTools } from "./ports";

const words = messages.workspaces.ports;

/** The ports on one line each: inside, here, and what is to be known. */
export function PortLines({ view }: { view: WorkspaceView }) {
  const { ports } = view.workspace;
  if (ports.length === 0) return <p className="text-fg-3">{words.none}</p>;
  return (
    <ul className="flex flex-col gap-1.5">
      {ports.map((port) => (
        <PortLine
          key={port.port}
          view={view}
          port={port}
          forward={view.forwards.find((forward) => forward.port === port.port)}
        />
      ))}
    </ul>
  );
}

function PortLine({
  view,
  port,
  forward,
}: {
  view: WorkspaceView;
  port: WorkspacePort;
  forward: Forward | undefined;
}) {
  const { canOpen, open } = usePortTools(view);
  const tone = forward ? (forward.remark ? "warn" : "ok") : "idle";
  return (
    <li className="flex h-7 items-center gap-2.5">
      <Dot tone={tone} />
      <span className="w-11 shrink-0 font-mono">{port.port}</span>
      <ArrowRight className="size-3.5! text-fg-3" />
      {forward ? (
        <CopyText accent text={localAddress(forward)} className="shrink-0" />
      ) : (
        <Button
          tone="quiet"
          className="-ml-2 h-6! px-2! text-accent!"
          disabled={!canOpen}
          onClick={() => open(port.port)}
        >
          {words.open}
        </Button>
      )}
      <span className="min-w-0 truncate text-fg-3" title={forward?.remark ?? undefined}>
        {forward?.remark ?? port.label}
      </span>
    </li>
  );
}
