import { formatBytes } from "@/components";
import type { ServerImages } from "@/ipc";
import { messages } from "@/messages";

/** What the images of each server take together. */
export function Totals({ servers }: { servers: readonly ServerImages[] }) {
  const known = servers.filter(({ failure }) => failure === null);
  return (
    <p className="flex flex-wrap gap-x-4 px-5 py-3 text-fg-3">
      {known.map(({ connection_id, connection_name, images, disk_bytes }) => (
        <span key={connection_id}>
          {messages.images.total(
            connection_name,
            images.length,
            disk_bytes === null ? null : formatBytes(disk_bytes),
          )}
        </span>
      ))}
    </p>
  );
}
