/* Home: what needs the person, then the servers, then what was done today. */
import { Plus } from "lucide-react";
import { useNow } from "@/app/clock";
import { openDialog } from "@/app/dialogs";
import { useHidden } from "@/app/hidden";
import { useCore } from "@/app/store";
import { Button, Kbd, PageHeader } from "@/components";
import { messages } from "@/messages";
import { NeedCards } from "./NeedCards";
import { needsOf } from "./needs";
import { type CpuCell, ServerCards } from "./ServerCards";
import { Today } from "./Today";

const words = messages.home;

/** `cpu` draws what a workspace's processors do; `onAnswer` brings a question back to the front. */
export function HomePage({ cpu, onAnswer }: { cpu: CpuCell; onAnswer: (id: string) => void }) {
  const now = useNow(60_000);
  const questions = useCore((state) => state.questions);
  const connections = useCore((state) => state.connections);
  const tunnels = useCore((state) => state.tunnels);
  const runs = useCore((state) => state.runs);
  const hidden = useHidden((state) => state.keys);
  const needs = needsOf({ questions, connections, tunnels, runs }, hidden, now);
  const canCreate = connections.some(({ abilities }) => abilities?.apply);
  return (
    <>
      <PageHeader
        title={words.greeting(new Date(now).getHours())}
        tools={<span className="text-fg-2">{words.needs(needs.length)}</span>}
        actions={
          <Button
            tone="main"
            icon={<Plus />}
            disabled={!canCreate}
            onClick={() => openDialog({ dialog: "create-workspace" })}
          >
            {messages.workspaces.newOne}
            <Kbd keys={["N"]} onAccent />
          </Button>
        }
      />
      <div className="flex min-h-0 grow flex-col gap-3.5 overflow-y-auto p-5 pt-4">
        <NeedCards needs={needs} onAnswer={onAnswer} />
        <ServerCards cpu={cpu} />
        <Today />
      </div>
    </>
  );
}
