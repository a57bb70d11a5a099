/* What goes through the interfaces of a lab, and what is made worse on them. */
import { useCallback, useEffect, useState } from "react";
import {
  type Impairment,
  type InterfaceRate,
  JsonLines,
  type LabRef,
  type LinkEnd,
  labImpairments,
  labRatesOpen,
  openStream,
} from "@/ipc";

export const endKey = ({ node, interface: own }: Pick<LinkEnd, "node" | "interface">): string =>
  `${node}\n${own}`;

const NONE: readonly Impairment[] = [];

/** What is made worse; empty where the server cannot do that. */
export function useImpairments(lab: LabRef, isThere: boolean) {
  const [impairments, setImpairments] = useState(NONE);
  const [attempt, setAttempt] = useState(0);
  const { connection_id, lab_id } = lab;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    if (!isThere) return setImpairments(NONE);
    let isGone = false;
    labImpairments({ lab: { connection_id, lab_id } }).then(
      (next) => !isGone && setImpairments(next),
      // The drawing is right without it; the dialog says why when somebody asks for it.
      () => {},
    );
    return () => {
      isGone = true;
    };
  }, [connection_id, lab_id, isThere, attempt]);
  const again = useCallback(() => setAttempt((count) => count + 1), []);
  return { impairments, again };
}

/** Rates by interface, as long as somebody looks. */
export function useRates(lab: LabRef, isThere: boolean): ReadonlyMap<string, InterfaceRate> {
  const [rates, setRates] = useState<ReadonlyMap<string, InterfaceRate>>(new Map());
  const { connection_id, lab_id } = lab;
  useEffect(() => {
    if (!isThere) return;
    const lines = new JsonLines((batches) => {
      const newest = batches.at(-1);
      if (Array.isArray(newest)) setRates(new Map(newest.filter(isRate).map((rate) => [endKey(rate), rate])));
    });
    const stream = openStream(
      (bytes) => lines.push(bytes),
      () => {},
    );
    labRatesOpen({ stream: stream.id, lab: { connection_id, lab_id } }).catch(() => {
      // Without rates a link shows its ends alone.
    });
    return () => stream.close();
  }, [connection_id, lab_id, isThere]);
  return rates;
}

const isRate = (value: unknown): value is InterfaceRate =>
  typeof value === "object" &&
  value !== null &&
  ["node", "interface", "down_bytes", "up_bytes"].every((name) => name in value);
