import { type Target, useTarget } from "@/app/target";
import { Away, Field, Select } from "@/components";
import type { ConnectionId, ConnectionView } from "@/ipc";
import { messages } from "@/messages";

const holdsImages = ({ state, abilities }: ConnectionView): boolean =>
  state.state === "connected" && abilities?.images === true;

/** The server a dialog of this page works on, `first` if it can. */
export const useImageTarget = (first?: ConnectionId): Target => useTarget(holdsImages, first);

/** Which server, where there are several; and that it is not there now. */
export function ServerField({ target, isThere, servers, choose }: Target) {
  if (!target) return null;
  return (
    <>
      {servers.length > 1 && <Choice servers={servers} value={target.connection.id} onChange={choose} />}
      {!isThere && <Away server={target.connection.name} />}
    </>
  );
}

interface ChoiceProps {
  servers: readonly ConnectionView[];
  value: ConnectionId;
  onChange: (id: ConnectionId) => void;
}

function Choice({ servers, value, onChange }: ChoiceProps) {
  const options = servers.map(({ connection }) => ({ value: connection.id, label: connection.name }));
  return (
    <Field label={messages.images.form.server}>
      {(control) => <Select {...{ control, value, options, onChange }} />}
    </Field>
  );
}
