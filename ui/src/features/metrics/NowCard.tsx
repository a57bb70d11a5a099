import { useWorkspace } from "@/app/store";
import { Card, Sparkline } from "@/components";
import type { WorkspaceRef } from "@/ipc";
import { messages } from "@/messages";
import { cpuFigure, memoryFigure, networkFigure } from "./figures";
import { condensed, RECENT_MS, ratesOf, within } from "./series";
import { useSamples } from "./stream";

const words = messages.metrics;
/** Points of a small drawing. */
const POINTS = 60;
/** A few percent of noise must not look like work. */
const LEAST_CPU_SCALE = 25;
const LEAST_NETWORK_SCALE = 10_000;

/** CPU, memory and network at this moment, as a card. */
export function NowCard({ workspace }: { workspace: WorkspaceRef }) {
  const samples = within(useSamples(workspace), RECENT_MS);
  const state = useWorkspace(workspace)?.workspace.state;
  const last = samples.at(-1);
  return (
    <Card title={words.now} aside={words.span}>
      {state !== "running" ? (
        <p className="text-fg-3">{words.notRunning.text}</p>
      ) : !last ? (
        <p className="appear-late text-fg-3">{words.waiting}</p>
      ) : (
        <Rows {...{ samples, last }} />
      )}
    </Card>
  );
}

function Rows({
  samples,
  last,
}: {
  samples: ReturnType<typeof useSamples>;
  last: Parameters<typeof cpuFigure>[0];
}) {
  const rates = ratesOf(samples);
  const cpu = cpuFigure(last);
  const memory = memoryFigure(last);
  const network = networkFigure(rates.at(-1));
  return (
    <dl className="flex flex-col gap-3">
      <Row
        name={words.cpu}
        label={words.cpuLabel(cpu)}
        values={samples.map((sample) => sample.cpu_percent)}
        max={LEAST_CPU_SCALE}
        figure={cpu}
        color="text-accent"
      />
      <Row
        name={words.memory}
        label={words.memoryLabel(memory)}
        values={samples.map((sample) => sample.memory_bytes)}
        max={last.memory_limit_bytes ?? 0}
        figure={memory}
        color="text-info"
      />
      <Row
        name={words.network}
        label={words.networkLabel(network)}
        values={rates.map((rate) => rate.received + rate.sent)}
        max={LEAST_NETWORK_SCALE}
        figure={network}
        color="text-ok"
      />
    </dl>
  );
}

interface RowProps {
  name: string;
  label: string;
  values: readonly number[];
  max: number;
  figure: string;
  color: string;
}

function Row({ name, label, values, max, figure, color }: RowProps) {
  return (
    <div className="grid grid-cols-[62px_minmax(40px,1fr)_auto] items-center gap-3">
      <dt className="text-fg-2">{name}</dt>
      <dd className="min-w-0">
        <Sparkline
          values={condensed(values, POINTS)}
          max={max}
          label={label}
          width={150}
          height={26}
          className={`w-full! ${color}`}
        />
      </dd>
      <dd className="min-w-16 text-right">{figure}</dd>
    </div>
  );
}
