import { useMemo, useState } from "react";
import { useOrder } from "@/app/order";
import { useTunnel } from "@/app/store";
import { changeTunnel, createTunnel } from "@/app/tunnel-operations";
import type { Tunnel, TunnelThrough, TunnelView, TunnelWay } from "@/ipc";
import { messages } from "@/messages";
import { useWays } from "../useWays";
import { type Draft, draftOf, inputOfDraft, type Problems, problemsOf } from "./draft";

const words = messages.tunnels.form;

/** The form of a new tunnel, or of `tunnel`; a copy begins with what that one is. */
export function useTunnelForm(tunnel: Tunnel | undefined, isCopy: boolean, onDone: () => void) {
  const view = useTunnel(tunnel?.id ?? "");
  const ways = useWays();
  const kept = useMemo(() => (tunnel ? keptWay(tunnel, view) : null), [tunnel, view]);
  const [draft, setDraft] = useState(() => draftOf(tunnel, kept?.name ?? "", isCopy));
  const [hasTried, setTried] = useState(false);
  const order = useOrder<TunnelView>(onDone);

  const known = useMemo(
    () => (kept ? [kept, ...(ways ?? []).filter((other) => !isSameHost(other, kept))] : (ways ?? [])),
    [kept, ways],
  );
  const way = known.find(({ name }) => name === draft.through.trim()) ?? null;
  const local = problemsOf(draft);
  const unknownWay = local.through === undefined && ways !== null && !way;
  const found: Problems = unknownWay
    ? { ...local, through: words.problems.noWay(draft.through.trim()) }
    : local;
  const refused = order.failure;
  const input = way && Object.keys(found).length === 0 ? inputOfDraft(draft, throughOf(way, kept)) : null;

  const submit = () => {
    setTried(true);
    if (!input || order.isBusy) return;
    const isChange = tunnel !== undefined && !isCopy && view !== undefined;
    order.send(isChange ? changeTunnel(view, input) : createTunnel(input));
  };
  return {
    draft,
    change: (part: Partial<Draft>) => {
      setDraft((before) => ({ ...before, ...part }));
      order.forget();
    },
    ways: known,
    way,
    /** What would be sent; none while something is missing. */
    input,
    problems: shownProblems(found, hasTried, refused?.field ?? null, refused),
    /** What was refused and belongs to no field of the form. */
    stray: refused && !isOfField(refused.field) ? refused : null,
    isBusy: order.isBusy,
    submit,
  };
}

export type TunnelForm = ReturnType<typeof useTunnelForm>;

/** The way of a stored tunnel, by the name that its last machine has. */
const keptWay = (tunnel: Tunnel, view: TunnelView | undefined): TunnelWay => ({
  name: view?.hops.at(-1)?.name ?? tunnel.ssh_host_id,
  address: view?.hops.at(-1)?.address ?? "",
  through: { by: "host", ssh_host_id: tunnel.ssh_host_id },
});

const isSameHost = (a: TunnelWay, b: TunnelWay): boolean =>
  a.name === b.name ||
  (a.through.by === "host" && b.through.by === "host" && a.through.ssh_host_id === b.through.ssh_host_id);

/** A way that was not changed stays the very same host. */
const throughOf = (way: TunnelWay, kept: TunnelWay | null): TunnelThrough =>
  way.name === kept?.name ? kept.through : way.through;

const FIELDS = /^(name|listen|target|through|when_down|check|is_on_demand)(\.(host|port|path))?$/;
const isOfField = (field: string | null): boolean => field !== null && FIELDS.test(field);

/** Nobody is told that a field is empty before they have tried to go on. */
function shownProblems(
  found: Problems,
  hasTried: boolean,
  field: string | null,
  refused: { message: string; hint: string | null } | null,
): Problems {
  const shown = hasTried ? found : {};
  if (!refused || !field || !isOfField(field)) return shown;
  const hint = refused.hint ? ` ${messages.sentence(refused.hint)}` : "";
  return { ...shown, [field]: `${messages.sentence(refused.message)}${hint}` };
}
