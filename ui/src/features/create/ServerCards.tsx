import { type KeyboardEvent, useRef } from "react";
import { cx, Dot, formatBytes } from "@/components";
import type { ConnectionId, ConnectionView } from "@/ipc";
import { messages } from "@/messages";

const words = messages.create;

/** The servers a workspace can be made on, one of which is chosen. */
export function ServerCards({
  connections,
  value,
  onChange,
}: {
  connections: readonly ConnectionView[];
  value: ConnectionId | null;
  onChange: (id: ConnectionId) => void;
}) {
  const group = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const at = step === undefined ? -1 : (index + step + connections.length) % connections.length;
    const next = connections[at];
    if (!next) return;
    event.preventDefault();
    onChange(next.connection.id);
    group.current?.querySelectorAll<HTMLElement>("[role=radio]")[at]?.focus();
  };
  return (
    <div className="flex flex-col gap-1">
      <span className="text-fg-2">{words.server}</span>
      <div ref={group} role="radiogroup" aria-label={words.server} className="grid grid-cols-3 gap-2">
        {connections.map(({ connection, server }, index) => {
          const isChosen = connection.id === value;
          return (
            <button
              key={connection.id}
              type="button"
              role="radio"
              aria-checked={isChosen}
              tabIndex={isChosen || (value === null && index === 0) ? 0 : -1}
              onClick={() => onChange(connection.id)}
              onKeyDown={(event) => onKeyDown(event, index)}
              className={cx(
                "eased flex min-w-0 flex-col rounded-card border bg-panel px-2.5 py-2 text-left hover:bg-hover",
                isChosen ? "border-accent inset-ring inset-ring-accent" : "border-line-strong",
              )}
            >
              <span className="flex min-w-0 items-center gap-1.5 font-[550]">
                <Dot tone="ok" />
                <span className="truncate">{connection.name}</span>
              </span>
              <span className="truncate text-fg-3">{server?.product ?? connection.kind}</span>
              {server?.memory_free_bytes != null && (
                <span className="truncate text-fg-3">
                  {words.free(formatBytes(server.memory_free_bytes))}
                </span>
              )}
            </button>
          );
        })}
      </div>
    </div>
  );
}
