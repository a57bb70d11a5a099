import { useMemo } from "react";
import { formatRate } from "@/components";
import { Chart } from "@/components/chart/Chart";
import type { Line } from "@/components/chart/plot";
import type { TrafficSample } from "@/ipc";
import { messages } from "@/messages";

const STEP_S = 2;
const SPAN_MS = 60_000;
/** A few bytes of a check must not look like work. */
const LEAST_TOP = 2_000;
const LINES: readonly Line[] = [{ color: "--accent", isFilled: true }, { color: "--fg-3" }];
const nowhere = () => {};

/** Both directions over the last minute; before the first sample nothing went through. */
export function TrafficChart({ samples, label }: { samples: readonly TrafficSample[]; label: string }) {
  const data = useMemo(() => {
    const count = SPAN_MS / 1000 / STEP_S;
    const at = (index: number) => samples[index - (count - samples.length)];
    const steps = Array.from({ length: count }, (_, index) => index);
    return [
      steps.map((index) => (index + 1 - count) * STEP_S),
      steps.map((index) => at(index)?.down_per_second ?? 0),
      steps.map((index) => at(index)?.up_per_second ?? 0),
    ] as [number[], number[], number[]];
  }, [samples]);
  return (
    <Chart
      data={data}
      lines={LINES}
      format={formatRate}
      formatAgo={messages.tunnels.detail.ago}
      spanMs={SPAN_MS}
      leastTop={LEAST_TOP}
      height={112}
      label={label}
      onPoint={nowhere}
    />
  );
}
