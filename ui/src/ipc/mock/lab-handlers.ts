/* Answers the commands about labs and templates, and keeps what is changed. */
import type { WireHandlers } from "../contract";
import type {
  CoreEvent,
  LabAutoStopArgs,
  LabChangeArgs,
  LabCreateArgs,
  LabFavouriteArgs,
  LabImpairArgs,
  LabNodeArgs,
  LabPositionsArgs,
  LabRatesOpenArgs,
  LabRef,
  LabState,
  LabVerb,
  LabView,
  NodeState,
  NodeVerb,
  Run,
  TemplateArgs,
  TemplateInput,
  TemplatePreviewArgs,
} from "../generated/types";
import type { Args } from "./create";
import { collected, collections, detailOfLab, impairments, labPlan, previewOf, rates } from "./lab-detail";
import type { Scene } from "./scenes";
import { fail } from "./tunnel-parts";

const DURING: Partial<Record<LabVerb, [LabState, LabState]>> = {
  start: ["starting", "running"],
  stop: ["stopping", "stopped"],
  restart: ["starting", "running"],
  redeploy: ["starting", "running"],
  apply: ["running", "running"],
};

const NODE_AFTER: Record<NodeVerb, NodeState> = {
  start: "running",
  stop: "stopped",
  restart: "running",
  pause: "paused",
  unpause: "running",
};

export function labHandlers(scene: Scene, emit: (event: CoreEvent) => void, wire: () => WireHandlers | null) {
  const find = ({ lab_id }: LabRef) => scene.labs.find(({ lab_ref }) => lab_ref.lab_id === lab_id) as LabView;
  const ofArgs = (args: Args) => find((args as unknown as { lab: LabRef }).lab);
  const tell = (at: string) =>
    emit({
      event: "labs",
      connection_id: at,
      labs: scene.labs.filter(({ lab_ref }) => lab_ref.connection_id === at),
    });
  const put = (ref: LabRef, change: (view: LabView) => LabView | null) => {
    scene.labs = scene.labs.flatMap((view) =>
      view.lab_ref.lab_id === ref.lab_id ? (change(view) ?? []) : [view],
    );
    tell(ref.connection_id);
  };
  const forgotten = new Map<string, LabView["origin"]>();
  const nodes = new Map<string, NodeState>();
  const kept = new Map<string, LabPositionsArgs["positions"]>();
  let worse = impairments;
  const run = (verb: string, view: LabView): Run => ({
    ...(scene.runs[0] as Run),
    id: `run-${verb}-${scene.runs.length}`,
    verb: `lab_${verb}`,
    started_at: Date.now(),
    steps: labPlan("start", view.lab.name).steps.map((step, at) => ({
      ...step,
      status: at === 0 ? "running" : "waiting",
      started_at: at === 0 ? Date.now() : null,
      ended_at: null,
      progress: null,
    })),
    subject: {
      connection_id: view.lab_ref.connection_id,
      connection_name: view.connection_name,
      name: view.lab.name,
      workspace_id: null,
      lab_id: view.lab_ref.lab_id,
    },
  });
  const begin = (verb: LabVerb, view: LabView) => {
    const started = run(verb, view);
    const [during, after] = DURING[verb] ?? [view.lab.state, view.lab.state];
    scene.runs = [started, ...scene.runs];
    emit({ event: "run", run: started });
    const set = (state: LabState, run_id: string | null) =>
      put(view.lab_ref, (one) => ({ ...one, run_id, lab: { ...one.lab, state } }));
    set(during, started.id);
    setTimeout(() => {
      if (verb === "destroy") put(view.lab_ref, () => null);
      else set(after, null);
      emit({ event: "run", run: { ...started, status: "succeeded", ended_at: Date.now() } });
    }, 1500);
    return { run_id: started.id };
  };
  const page = (view: LabView) => {
    if (scene.name === "labs-error")
      throw fail("unreachable", `${view.connection_name} does not answer`, "Check that the server runs.");
    const detail = detailOfLab(view);
    return {
      view,
      detail: {
        ...detail,
        nodes: detail.nodes.map((one) => ({ ...one, state: nodes.get(one.name) ?? one.state })),
      },
      positions: kept.get(view.lab_ref.lab_id) ?? {},
    };
  };
  const tellTemplates = () => emit({ event: "templates", templates: scene.templates });
  return {
    labs_list: () => scene.labs,
    labs_refresh: () => ({}),
    lab_inspect: (args: Args) => page(ofArgs(args)),
    lab_create_plan: (args: Args) => {
      const { input, verb } = args as unknown as LabCreateArgs;
      return labPlan(verb, input.name);
    },
    lab_create: (args: Args) => {
      const { input, verb } = args as unknown as LabCreateArgs;
      const like = scene.labs.find(({ lab_ref }) => lab_ref.connection_id === input.connection_id) as LabView;
      const lab_ref = { connection_id: input.connection_id, lab_id: input.name };
      const made = { ...like.lab, id: input.name, name: input.name, state: "created" as const };
      scene.labs = [...scene.labs, { ...like, lab_ref, lab: made, is_favourite: false, auto_stop: null }];
      return begin(verb, find(lab_ref));
    },
    lab_change_plan: (args: Args) => {
      const { lab, verb } = args as unknown as LabChangeArgs;
      return labPlan(verb, find(lab).lab.name);
    },
    lab_change: (args: Args) => {
      const { lab, verb } = args as unknown as LabChangeArgs;
      return begin(verb, find(lab));
    },
    lab_forget: (args: Args) => {
      const { lab_ref, origin } = ofArgs(args);
      forgotten.set(lab_ref.lab_id, origin);
      put(lab_ref, (view) => ({ ...view, origin: null }));
      return {};
    },
    lab_restore: (args: Args) => {
      const { lab_ref } = ofArgs(args);
      put(lab_ref, (view) => ({ ...view, origin: forgotten.get(lab_ref.lab_id) ?? null }));
      return {};
    },
    lab_favourite: (args: Args) => {
      const { lab, is_favourite } = args as unknown as LabFavouriteArgs;
      put(lab, (view) => ({ ...view, is_favourite }));
      return {};
    },
    lab_auto_stop: (args: Args) => {
      const { lab, at, after_minutes } = args as unknown as LabAutoStopArgs;
      const when = at ?? (after_minutes === null ? null : Date.now() + after_minutes * 60_000);
      put(lab, (view) => ({ ...view, auto_stop: when === null ? null : { at: when, after_minutes } }));
      return {};
    },
    lab_positions: (args: Args) => {
      const { lab, positions } = args as unknown as LabPositionsArgs;
      kept.set(lab.lab_id, positions);
      return {};
    },
    lab_node_change: (args: Args) => {
      const { node, verb } = args as unknown as LabNodeArgs;
      nodes.set(node, NODE_AFTER[verb]);
      return {};
    },
    lab_rates_open: (args: Args) => {
      const { stream } = args as unknown as LabRatesOpenArgs;
      const send = () => wire()?.chunk(stream, new TextEncoder().encode(`${JSON.stringify(rates)}\n`));
      setTimeout(send, 10);
      return {};
    },
    lab_impairments: () => worse,
    lab_impair: (args: Args) => {
      const { impairment } = args as unknown as LabImpairArgs;
      const { node, interface: own, ...rest } = impairment;
      worse = worse.filter((one) => one.node !== node || one.interface !== own);
      if (Object.values(rest).some((value) => value !== null)) worse = [...worse, impairment];
      return {};
    },
    lab_capture: () => ({ url: "packetflix:", node: "l2", interface: "eth1" }),
    lab_collections: () => (scene.name === "labs-none" ? [] : collections),
    lab_collected: () => collected,
    lab_drawing_save: () => ({ path: "/home/alice/evpn-fabric.svg" }),
    templates_list: () => scene.templates,
    template_create: (args: Args) => {
      const { name, source } = args as unknown as TemplateInput;
      if (source.from === "git" && source.url.includes("nowhere"))
        throw {
          ...fail("unreachable", "git.nowhere.org does not answer", "Check the address."),
          field: "url",
        };
      const made = {
        template: { id: `t-${scene.templates.length}`, name: name ?? "new", source, created_at: Date.now() },
        index: null,
        error: null,
        is_loading: true,
      };
      scene.templates = [...scene.templates, made];
      tellTemplates();
      return made;
    },
    template_update: () => scene.templates[0],
    template_remove: (args: Args) => {
      const { template_id } = args as unknown as TemplateArgs;
      scene.templates = scene.templates.filter(({ template }) => template.id !== template_id);
      tellTemplates();
      return {};
    },
    template_refresh: () => ({}),
    template_preview: (args: Args) => {
      const { template_id, topology } = args as unknown as TemplatePreviewArgs;
      return previewOf(template_id, topology);
    },
  };
}
