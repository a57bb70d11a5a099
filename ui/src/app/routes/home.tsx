import { bringBack } from "@/app/questions";
import { Sparkline } from "@/components";
import { HomePage } from "@/features/home";
import { useCpuSparkline } from "@/features/metrics";
import type { WorkspaceRef } from "@/ipc";
import { messages } from "@/messages";

export function HomeRoute() {
  return (
    <HomePage onAnswer={bringBack} cpu={(workspace, name) => <Cpu workspace={workspace} name={name} />} />
  );
}

/** The course of the CPU and its newest figure. */
function Cpu({ workspace, name }: { workspace: WorkspaceRef; name: string }) {
  const values = useCpuSparkline(workspace);
  const newest = values.at(-1);
  return (
    <>
      <Sparkline values={values} label={messages.workspaces.cpuOf(name)} width={72} />
      <span className="w-11 text-right text-fg-3 tabular-nums">
        {newest === undefined ? "" : messages.metrics.percent(newest)}
      </span>
    </>
  );
}
