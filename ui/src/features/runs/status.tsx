import { StatusDot, type StatusTone } from "@/components";
import type { RunStatus } from "@/ipc";
import { messages } from "@/messages";

const TONES: Record<RunStatus, StatusTone> = {
  running: "busy",
  succeeded: "ok",
  failed: "err",
  cancelled: "idle",
  interrupted: "warn",
};

/** How a run stands, as a dot and a word; `more` follows the word, for example the elapsed time. */
export function RunStatusDot({ status, more }: { status: RunStatus; more?: string }) {
  const word = messages.runs.status[status];
  return <StatusDot tone={TONES[status]} word={more ? `${word} ${more}` : word} />;
}
