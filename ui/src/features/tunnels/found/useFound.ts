/* Forwards of the SSH config: what there is, what is ticked, and making tunnels of it one by one. */
import { useCallback, useEffect, useState } from "react";
import { keepTunnel, removeTunnels } from "@/app/tunnel-operations";
import { offerUndo } from "@/app/undo";
import { type AppError, type TunnelFound, type TunnelId, toFailure, tunnelCreate, tunnelsFound } from "@/ipc";
import { messages } from "@/messages";

export type Looked =
  | { at: "looking" }
  | { at: "failed"; failure: AppError }
  | { at: "ready"; found: readonly TunnelFound[] };

/** What became of one of them. */
export type Outcome = { at: "made" } | { at: "failed"; failure: AppError };

export const keyOf = ({ file, line, alias }: TunnelFound): string => `${file}:${line} ${alias}`;

/** A tunnel can be made of it, and is not there yet. */
export const isFresh = ({ input, is_known }: TunnelFound): boolean => input !== null && !is_known;

/** What others could reach is brought in only when a person says so. */
const isSuggested = (found: TunnelFound): boolean =>
  isFresh(found) && found.input?.options.may_be_exposed === false;

export function useFound() {
  const [looked, setLooked] = useState<Looked>({ at: "looking" });
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [outcomes, setOutcomes] = useState<Readonly<Record<string, Outcome>>>({});
  const [isBusy, setBusy] = useState(false);

  const look = useCallback(() => {
    setLooked({ at: "looking" });
    setOutcomes({});
    tunnelsFound().then(
      (found) => {
        setTicked(new Set(found.filter(isSuggested).map(keyOf)));
        setLooked({ at: "ready", found });
      },
      (thrown) => setLooked({ at: "failed", failure: toFailure(thrown) }),
    );
  }, []);
  useEffect(look, [look]);

  /** Makes what is ticked; says whether all of it was made. */
  const make = async (): Promise<boolean> => {
    const wanted = looked.at === "ready" ? looked.found.filter((one) => ticked.has(keyOf(one))) : [];
    setBusy(true);
    const made: TunnelId[] = [];
    let isWhole = true;
    for (const one of wanted) {
      const outcome = await makeOne(one, made);
      isWhole &&= outcome.at === "made";
      setOutcomes((before) => ({ ...before, [keyOf(one)]: outcome }));
      if (outcome.at === "made") setTicked((before) => without(before, keyOf(one)));
    }
    setBusy(false);
    if (made.length > 0) offerUndo(messages.tunnels.found.done(made.length), () => void removeTunnels(made));
    return isWhole;
  };
  const tick = (keys: readonly string[], isOn: boolean) =>
    setTicked((before) =>
      isOn ? new Set([...before, ...keys]) : keys.reduce<ReadonlySet<string>>(without, before),
    );
  return { looked, ticked, outcomes, isBusy, look, tick, make };
}

export type FoundFlow = ReturnType<typeof useFound>;

async function makeOne({ input }: TunnelFound, made: TunnelId[]): Promise<Outcome> {
  if (!input) return { at: "made" };
  try {
    made.push(keepTunnel(await tunnelCreate(input)).tunnel.id);
    return { at: "made" };
  } catch (thrown) {
    return { at: "failed", failure: toFailure(thrown) };
  }
}

const without = (keys: ReadonlySet<string>, key: string): ReadonlySet<string> =>
  new Set([...keys].filter((one) => one !== key));
