/* Answers the commands about tunnels, and lets traffic flow. */
import type {
  CoreEvent,
  TunnelFavouriteArgs,
  TunnelInput,
  TunnelReadArgs,
  TunnelStartArgs,
  TunnelState,
  TunnelUpdateArgs,
  TunnelView,
} from "../generated/types";
import type { Args } from "./create";
import type { Scene } from "./scenes";
import { detailOfTunnel, foundForwards, readLine, ways } from "./tunnel-detail";
import { fail, madeFrom } from "./tunnel-parts";

/** With more of them, a page that is only looked at would do nothing else. */
const MOST_ALIVE = 20;

export function tunnelHandlers(scene: Scene, emit: (event: CoreEvent) => void) {
  const tell = (view: TunnelView) => emit({ event: "tunnel", tunnel_id: view.tunnel.id, tunnel: view });
  const find = (id: unknown) => scene.tunnels.find(({ tunnel }) => tunnel.id === id) as TunnelView;
  const put = (view: TunnelView) => {
    const isThere = scene.tunnels.some(({ tunnel }) => tunnel.id === view.tunnel.id);
    scene.tunnels = isThere
      ? scene.tunnels.map((old) => (old.tunnel.id === view.tunnel.id ? view : old))
      : [...scene.tunnels, view];
    tell(view);
    return view;
  };
  const to = (id: unknown, state: TunnelState, rest: Partial<TunnelView> = {}) =>
    put({ ...find(id), state, ...rest });
  const nameOf = ({ through }: TunnelInput) =>
    ways.find((way) => JSON.stringify(way.through) === JSON.stringify(through))?.name ?? "forge-1";
  const check = (input: TunnelInput) => {
    const { listen } = input.route;
    const isTaken = listen.at === "tcp" && listen.port === 22;
    if (isTaken)
      throw {
        ...fail("conflict", "port 22 of 127.0.0.1 belongs to sshd (pid 812)", "Port 2222 is free."),
        field: "listen.port",
        is_retryable: false,
      };
  };
  setInterval(() => {
    if (scene.tunnels.length > MOST_ALIVE) return;
    for (const view of scene.tunnels) {
      const [first, ...samples] = view.traffic.samples;
      if (view.state.state === "open" && first)
        put({ ...view, traffic: { ...view.traffic, samples: [...samples, first] } });
      if (view.state.state === "reconnecting" && view.state.next_try_at < Date.now())
        put({ ...view, state: { ...view.state, next_try_at: Date.now() + 8000 } });
    }
  }, 2000);
  return {
    tunnels_list: () => scene.tunnels,
    tunnel_read: (args: Args) => readLine((args as unknown as TunnelReadArgs).line),
    tunnel_ways: () => (scene.name === "bare" ? [] : ways),
    tunnel_own_address: () => ({
      address: "127.77.0.4",
      command: scene.name === "trouble" ? "sudo ifconfig lo0 alias 127.77.0.4" : null,
    }),
    tunnel_create: (args: Args) => {
      const input = args as unknown as TunnelInput;
      check(input);
      return put(madeFrom(input, nameOf(input)));
    },
    tunnel_update: (args: Args) => {
      const { tunnel_id, input } = args as unknown as TunnelUpdateArgs;
      check(input);
      const old = find(tunnel_id);
      const { name, route, options } = input;
      return put({ ...old, tunnel: { ...old.tunnel, name, route, options } });
    },
    tunnel_remove: ({ tunnel_id }: Args) => {
      scene.tunnels = scene.tunnels.filter(({ tunnel }) => tunnel.id !== tunnel_id);
      emit({ event: "tunnel", tunnel_id: tunnel_id, tunnel: null });
      return {};
    },
    tunnel_start: (args: Args) => {
      const { tunnel_id, port } = args as unknown as TunnelStartArgs;
      const { listen } = find(tunnel_id).tunnel.route;
      to(tunnel_id, { state: "connecting", stage: "checking the host key" });
      setTimeout(
        () =>
          to(
            tunnel_id,
            { state: "open", since: Date.now() },
            { listening: port !== null && listen.at === "tcp" ? { ...listen, port } : listen },
          ),
        1200,
      );
      return {};
    },
    tunnel_stop: ({ tunnel_id }: Args) => {
      to(tunnel_id, { state: "stopped" }, { listening: null, round_trip_ms: null });
      return {};
    },
    tunnel_retry: ({ tunnel_id }: Args) => {
      const { state } = find(tunnel_id);
      if (state.state === "reconnecting") to(tunnel_id, { ...state, next_try_at: Date.now() + 8000 });
      return {};
    },
    tunnel_favourite: (args: Args) => {
      const { tunnel_id, is_favourite } = args as unknown as TunnelFavouriteArgs;
      const { tunnel } = find(tunnel_id);
      put({ ...find(tunnel_id), tunnel: { ...tunnel, options: { ...tunnel.options, is_favourite } } });
      return {};
    },
    tunnel_inspect: ({ tunnel_id }: Args) => detailOfTunnel(find(tunnel_id)),
    tunnel_browse: () => ({}),
    tunnels_found: () => (scene.name === "bare" ? [] : foundForwards),
  };
}
