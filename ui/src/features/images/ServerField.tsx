import { useCore } from "@/app/store";
import { Field, Select } from "@/components";
import type { ConnectionId, ConnectionView } from "@/ipc";
import { messages } from "@/messages";

/** Connected servers that hold images. */
export function useImageServers(): ConnectionView[] {
  const connections = useCore((state) => state.connections);
  return connections.filter(({ state, abilities }) => state.state === "connected" && abilities?.images);
}

/** Which server: said in a line when there is only one. */
export function ServerField({
  servers,
  value,
  onChange,
}: {
  servers: readonly ConnectionView[];
  value: ConnectionId;
  onChange: (id: ConnectionId) => void;
}) {
  const options = servers.map(({ connection }) => ({ value: connection.id, label: connection.name }));
  return (
    <Field label={messages.images.form.server}>
      {(control) => <Select {...{ control, value, options, onChange }} />}
    </Field>
  );
}
