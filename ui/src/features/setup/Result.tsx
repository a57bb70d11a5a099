/* How a set-up ended, and where to go from there. */
import { CircleCheck } from "lucide-react";
import { goTo, paths } from "@/app/navigation";
import { Button } from "@/components";
import type { Run } from "@/ipc";
import { messages } from "@/messages";

const words = messages.setup;

export function Result({ run }: { run: Run }) {
  const { connection_id: id, name } = run.subject;
  if (run.status !== "succeeded") return null;
  const isSame = run.steps.every(({ status }) => status === "skipped");
  return (
    <div role="status" className="flex items-center gap-2.5 border-b px-4 py-2.5">
      <CircleCheck className="text-ok" />
      <p className="min-w-0 grow font-[550]">{isSame ? words.same(name) : words.done(name)}</p>
      <Button onClick={() => goTo(paths.connectionTest(id))}>{words.test}</Button>
    </div>
  );
}
