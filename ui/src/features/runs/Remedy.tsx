import { Trash2, Undo2 } from "lucide-react";
import { useState } from "react";
import { useCore } from "@/app/store";
import { Button } from "@/components";
import type { Run } from "@/ipc";
import { messages } from "@/messages";
import { LeftoverDialog, restoreRun } from "./dialogs";

const words = messages.runs;

/** What can be done about what a run left on the server. */
export function Remedy({ run }: { run: Run }) {
  const [isAsking, setAsking] = useState(false);
  const hasNew = useHasNew(run);
  const isRebuild = run.verb === "rebuild";
  const canRemove = !isRebuild || hasNew;
  return (
    <>
      {isRebuild && (
        <Button tone="main" icon={<Undo2 />} onClick={() => restoreRun(run)}>
          {words.bringBack}
        </Button>
      )}
      {canRemove && (
        <Button
          {...(isRebuild ? {} : { tone: "danger" as const, icon: <Trash2 /> })}
          onClick={() => setAsking(true)}
        >
          {isRebuild ? words.keepNew : words.removeLeftover(run.subject.name)}
        </Button>
      )}
      {isAsking && <LeftoverDialog run={run} onClose={() => setAsking(false)} />}
    </>
  );
}

/** Whether another workspace bears the name beside the one that was put aside. */
function useHasNew({ subject, leftover }: Run): boolean {
  return useCore((state) =>
    (state.workspaces[subject.connection_id] ?? []).some(
      ({ workspace }) => workspace.name === subject.name && workspace.id !== leftover,
    ),
  );
}
