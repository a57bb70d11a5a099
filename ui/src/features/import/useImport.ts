/* What was found, what is ticked, and taking it. */
import { useCallback, useEffect, useState } from "react";
import { attempt } from "@/app/operations";
import { showFailure } from "@/app/toasts";
import { offerUndo } from "@/app/undo";
import {
  connectionDelete,
  type Failure,
  type ImportFound,
  type ImportItem,
  type ImportTaken,
  importLook,
  importTake,
  toFailure,
} from "@/ipc";
import { messages } from "@/messages";

export type Looked =
  | { at: "looking" }
  | { at: "failed"; failure: Failure }
  | { at: "ready"; found: ImportFound[] };

export interface ImportFlow {
  looked: Looked;
  ticked: ReadonlySet<string>;
  /** Names the person changed, by item. */
  names: Readonly<Record<string, string>>;
  /** Why an item was not taken, by item. */
  failures: Readonly<Record<string, Failure>>;
  isTaking: boolean;
  look: () => void;
  tick: (ids: string[], isOn: boolean) => void;
  rename: (id: string, name: string) => void;
  /** Takes what is ticked; says whether everything was taken. */
  take: () => Promise<boolean>;
}

export const itemsOf = (looked: Looked): ImportItem[] =>
  looked.at === "ready" ? looked.found.flatMap(({ items }) => items) : [];

export const nameOf = (flow: Pick<ImportFlow, "names">, item: ImportItem): string =>
  flow.names[item.id] ?? item.name;

/** Looks at once. `showsFailures`: as notices too, for a place that goes away when something was taken. */
export function useImport(showsFailures = false): ImportFlow {
  const [looked, setLooked] = useState<Looked>({ at: "looking" });
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [names, setNames] = useState<Record<string, string>>({});
  const [failures, setFailures] = useState<Record<string, Failure>>({});
  const [isTaking, setTaking] = useState(false);

  const look = useCallback(() => {
    setLooked({ at: "looking" });
    importLook().then(
      (found) => {
        const suggested = found.flatMap(({ items }) => items).filter((item) => item.is_suggested);
        setTicked(new Set(suggested.map(({ id }) => id)));
        setLooked({ at: "ready", found });
      },
      (thrown) => setLooked({ at: "failed", failure: toFailure(thrown) }),
    );
  }, []);
  useEffect(look, [look]);

  const take = async (): Promise<boolean> => {
    const picks = itemsOf(looked)
      .filter(({ id }) => ticked.has(id))
      .map((item) => ({ id: item.id, name: nameOf({ names }, item).trim() }));
    setTaking(true);
    const taken = await attempt(importTake({ picks }));
    setTaking(false);
    if (!taken) return false;
    const failed = taken.flatMap(({ id, failure }) => (failure ? [{ id, failure }] : []));
    setFailures(Object.fromEntries(failed.map(({ id, failure }) => [id, failure])));
    setTicked(new Set(failed.map(({ id }) => id)));
    if (showsFailures) for (const { failure } of failed) showFailure(failure);
    sayTaken(taken, picks);
    if (failed.length > 0)
      importLook().then(
        (found) => setLooked({ at: "ready", found }),
        (thrown: unknown) => showFailure(toFailure(thrown)),
      );
    return failed.length === 0;
  };

  return {
    looked,
    ticked,
    names,
    failures,
    isTaking,
    look,
    tick: (ids, isOn) =>
      setTicked((before) => {
        const next = new Set(before);
        for (const id of ids)
          if (isOn) next.add(id);
          else next.delete(id);
        return next;
      }),
    rename: (id, name) => setNames((before) => ({ ...before, [id]: name })),
    take,
  };
}

function sayTaken(taken: ImportTaken[], picks: { id: string; name: string }[]): void {
  const made = taken.flatMap(({ id, connection_id }) => (connection_id ? [{ id, connection_id }] : []));
  if (made.length === 0) return;
  const names = picks.filter(({ id }) => made.some((one) => one.id === id)).map(({ name }) => name);
  offerUndo(messages.importing.done(names), () => {
    for (const { connection_id } of made) void attempt(connectionDelete({ connection_id }));
  });
}
