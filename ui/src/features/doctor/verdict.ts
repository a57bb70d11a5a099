/* What a test says as a whole, in one line. */
import type { Diagnosis } from "@/ipc";
import { messages } from "@/messages";

const words = messages.doctor;

export type Verdict = { tone: "busy" | "ok" | "warn" | "err" | "idle"; text: string };

export function verdictOf(diagnosis: Diagnosis | null, isRunning: boolean): Verdict {
  if (!diagnosis) return { tone: isRunning ? "busy" : "idle", text: isRunning ? words.starting : "" };
  const { stages, started_at, ended_at } = diagnosis;
  const failed = stages.findIndex(({ status }) => status === "failed");
  const at = stages.findIndex(({ status }) => status === "running");
  const ms = (ended_at ?? started_at) - started_at;
  if (ended_at === null) {
    if (!isRunning) return { tone: "idle", text: words.cancelled };
    return { tone: "busy", text: words.testing(stages[at]?.title ?? "…", at + 1, stages.length) };
  }
  if (failed >= 0)
    return {
      tone: "err",
      text: words.stopped(stages[failed]?.title ?? "", failed + 1, stages.length, ms),
    };
  const remarks = stages.filter(({ status }) => status === "warned").length;
  return remarks > 0
    ? { tone: "warn", text: words.remarks(remarks, ms) }
    : { tone: "ok", text: words.works(stages.length, ms) };
}
