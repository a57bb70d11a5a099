/* What is done to tunnels: a call that fails shows itself, and what can be taken back offers it. */
import {
  type TunnelId,
  type TunnelInput,
  type TunnelView,
  toFailure,
  tunnelBrowse,
  tunnelCreate,
  tunnelFavourite,
  tunnelInspect,
  tunnelRemove,
  tunnelRetry,
  tunnelStart,
  tunnelStop,
  tunnelUpdate,
  tunnelWays,
} from "@/ipc";
import { messages } from "@/messages";
import { goTo, history, paths } from "./navigation";
import { attempt } from "./operations";
import { mergeEvent, useCore } from "./store";
import { showToast } from "./toasts";
import { endsOf, inputOf, pointText } from "./tunnels";
import { offerUndo } from "./undo";

const words = messages.tunnels;

/** Shows an answer at once; the event that says the same comes a moment later. */
export function keepTunnel(view: TunnelView): TunnelView {
  useCore.setState((state) =>
    mergeEvent(state, { event: "tunnel", tunnel_id: view.tunnel.id, tunnel: view }),
  );
  return view;
}

/** Makes a tunnel and shows it; throws what the core refuses it for. */
export async function createTunnel(input: TunnelInput): Promise<TunnelView> {
  const view = keepTunnel(await tunnelCreate(input));
  goTo(paths.tunnel(view.tunnel.id));
  return view;
}

export const changeTunnel = async (view: TunnelView, input: TunnelInput): Promise<TunnelView> =>
  keepTunnel(await tunnelUpdate({ tunnel_id: view.tunnel.id, input }));

/** Starts it, on `port` for this time when one is given. */
export const startTunnel = ({ tunnel }: TunnelView, port: number | null = null) =>
  attempt(tunnelStart({ tunnel_id: tunnel.id, port }));

export async function stopTunnel(view: TunnelView): Promise<void> {
  if (await attempt(tunnelStop({ tunnel_id: view.tunnel.id })))
    offerUndo(words.notices.stopped(view.tunnel.name), () => void startTunnel(view));
}

/** Does not wait for the countdown, or checks it now. */
export const retryTunnel = ({ tunnel }: TunnelView) => attempt(tunnelRetry({ tunnel_id: tunnel.id }));

export const browseTunnel = ({ tunnel }: TunnelView) => attempt(tunnelBrowse({ tunnel_id: tunnel.id }));

/** Removes it at once; taken back, it is made again as it was, and stopped if it was. */
export async function removeTunnel(view: TunnelView): Promise<void> {
  const { id, name } = view.tunnel;
  if (!(await attempt(tunnelRemove({ tunnel_id: id })))) return;
  const wasShown = history.location.pathname === paths.tunnel(id);
  useCore.setState((state) => mergeEvent(state, { event: "tunnel", tunnel_id: id, tunnel: null }));
  if (wasShown) goTo(paths.tunnels());
  offerUndo(words.notices.removed(name), async () => {
    const made = await attempt(makeAgain(view));
    if (!made) return;
    keepTunnel(made);
    if (view.state.state === "stopped") await attempt(tunnelStop({ tunnel_id: made.tunnel.id }));
    if (wasShown) goTo(paths.tunnel(made.tunnel.id));
  });
}

/** Its host may be forgotten with it when it came from the SSH config: then it is taken from there again. */
async function makeAgain({ tunnel, hops }: TunnelView): Promise<TunnelView> {
  const input = inputOf(tunnel);
  try {
    return await tunnelCreate(input);
  } catch (thrown) {
    const address = hops.at(-1)?.address;
    if (toFailure(thrown).code !== "not_found" || !address) throw thrown;
    const way = (await tunnelWays()).find((one) => one.address === address);
    if (!way) throw thrown;
    return tunnelCreate({ ...input, through: way.through });
  }
}

/** Takes back that they were made. */
export async function removeTunnels(ids: readonly TunnelId[]): Promise<void> {
  await Promise.all(ids.map((tunnel_id) => attempt(tunnelRemove({ tunnel_id }))));
}

/** Puts it into the tray or takes it from there. */
export async function setTunnelFavourite({ tunnel }: TunnelView, is_favourite: boolean): Promise<void> {
  const { id: tunnel_id, name } = tunnel;
  if (!(await attempt(tunnelFavourite({ tunnel_id, is_favourite })))) return;
  const { favourite, unfavourite } = words.notices;
  offerUndo(
    (is_favourite ? favourite : unfavourite)(name),
    () => void attempt(tunnelFavourite({ tunnel_id, is_favourite: !is_favourite })),
  );
}

/** Keeps the last HTTP requests of it, or no longer; the tunnel starts anew. */
export function watchHttp(view: TunnelView, is_http_watched: boolean): Promise<TunnelView | undefined> {
  const input = inputOf(view.tunnel);
  return attempt(changeTunnel(view, { ...input, options: { ...input.options, is_http_watched } }));
}

/** What other programs are given: where it listens, or for a remote one, where it listens there. */
export function copyAddress(view: TunnelView): void {
  const { here, there } = endsOf(view);
  copy(pointText(view.tunnel.route.kind === "remote" ? (there ?? here) : here));
}

export async function copyCommand({ tunnel }: TunnelView): Promise<void> {
  const detail = await attempt(tunnelInspect({ tunnel_id: tunnel.id }));
  if (detail) copy(detail.command);
}

function copy(text: string): void {
  const { copied, notCopied } = words.notices;
  navigator.clipboard.writeText(text).then(
    () => showToast({ id: "copied", tone: "ok", text: copied(text), expiresMs: 3000 }),
    () => showToast({ id: "copied", tone: "err", text: notCopied, detail: text }),
  );
}

export type TunnelVerb = "start" | "stop";

/** The same done to several; those that fail are named, the others can be taken back. */
export async function doToTunnels(verb: TunnelVerb, views: readonly TunnelView[]): Promise<void> {
  const call = (view: TunnelView, what: TunnelVerb) =>
    what === "start"
      ? tunnelStart({ tunnel_id: view.tunnel.id, port: null })
      : tunnelStop({ tunnel_id: view.tunnel.id });
  const outcomes = await Promise.all(
    views.map(async (view) => {
      try {
        await call(view, verb);
        return { view, why: null };
      } catch (thrown) {
        return { view, why: toFailure(thrown).message };
      }
    }),
  );
  const done = outcomes.filter(({ why }) => why === null).map(({ view }) => view);
  const failed = outcomes.filter(({ why }) => why !== null);
  const reverse = verb === "start" ? "stop" : "start";
  if (done.length > 0)
    offerUndo(words.bulk.done(verb, done.length), () => void doToTunnels(reverse, done), "tunnels-bulk");
  if (failed.length === 0) return;
  showToast({
    id: "tunnels-bulk-failed",
    tone: "err",
    text: words.bulk.failed(verb, failed.length),
    detail: failed.map(({ view, why }) => `${view.tunnel.name}: ${why}`).join("\n"),
  });
}
