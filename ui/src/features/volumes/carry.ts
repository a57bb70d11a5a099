/* Carrying volumes to and from files: the core asks for the file, and a run does the rest. */
import { goTo, paths } from "@/app/navigation";
import { attempt } from "@/app/operations";
import { type ConnectionId, volumeExport } from "@/ipc";

/** Exports a volume and shows its run, unless the person picked no file. */
export async function exportVolume(connection_id: ConnectionId, name: string): Promise<void> {
  const started = await attempt(volumeExport({ connection_id, name }));
  if (started?.run_id) goTo(paths.run(started.run_id));
}
