/* The drawing of a lab, live: states, rates, what is made worse, and menus on nodes and links. */
import { CircleAlert, Waypoints } from "lucide-react";
import { useState } from "react";
import { goTo, paths } from "@/app/navigation";
import { attempt } from "@/app/operations";
import { nodeStatus } from "@/app/status";
import { showToast } from "@/app/toasts";
import { offerUndo } from "@/app/undo";
import { Button, EmptyState, formatRate, type MenuGroups, type MenuPlace, PlacedMenu } from "@/components";
import { type LabPage, type LinkEnd, labDrawingSave, labPositions, type TopologyGraph } from "@/ipc";
import { messages } from "@/messages";
import { Graph } from "./graph/Graph";
import type { Positions } from "./graph/layout";
import { endText, type Line } from "./graph/lines";
import { useLayout } from "./graph/useLayout";
import { ImpairDialog } from "./ImpairDialog";
import { isOf, type LinkContext, linkMenu } from "./link-menu";
import { type NodeContext, nodeMenu, openConsole, openLogs } from "./node-menu";
import { endKey, useImpairments, useRates } from "./useTraffic";

const words = messages.labGraph;

export function TopologyTab({ page, context }: { page: LabPage; context: NodeContext }) {
  const { graph, lab } = page.detail;
  if (graph && graph.nodes.length > 0)
    return <Drawing key={`${lab.id}`} page={page} graph={graph} context={context} />;
  const { title, text, action } = words.none;
  return (
    <EmptyState
      icon={<Waypoints />}
      {...{ title, text }}
      actions={<Button onClick={() => goTo(paths.lab(page.view.lab_ref, "nodes"))}>{action}</Button>}
    />
  );
}

function Drawing({ page, graph, context }: { page: LabPage; graph: TopologyGraph; context: NodeContext }) {
  const {
    lab_ref: lab,
    lab: { name, state },
  } = page.view;
  const { features } = context;
  const [menu, setMenu] = useState<{ groups: MenuGroups; place: MenuPlace } | null>(null);
  const [impaired, setImpaired] = useState<LinkEnd | null>(null);
  const { placed, place } = usePlaces(page);
  const { positions, error } = useLayout(graph);
  const isLive = state === "running" || state === "partly";
  const { impairments, again } = useImpairments(lab, isLive && features?.impairments === true);
  const rates = useRates(lab, isLive && features?.rates === true);
  const links: LinkContext = { lab, features, impairments, again, onImpair: setImpaired };
  const nodes = new Map(page.detail.nodes.map((node) => [node.name, node]));
  const withNode = (use: typeof openConsole) => (node: string) => {
    const known = nodes.get(node);
    if (known) use(context, known);
  };
  const menuOf = (node: string): MenuGroups => {
    const known = nodes.get(node);
    return known ? [...nodeMenu(context, known), [linksOf(links, graph, node)]] : [];
  };
  const chipOf = ({ ends }: Line) => {
    const worse = impairments.find((one) => ends.some(({ end }) => isOf(one, end)));
    return worse ? words.chip(worse) : null;
  };
  const ratesOf = ({ ends }: Line) => {
    const rate = ends[0] && rates.get(endKey(ends[0].end));
    return rate ? words.rates(formatRate(rate.down_bytes), formatRate(rate.up_bytes)) : null;
  };
  if (!positions)
    return error ? (
      <EmptyState icon={<CircleAlert />} title={words.failed} text={error} />
    ) : (
      <p className="appear-late m-auto text-fg-3">{words.layingOut}</p>
    );
  return (
    <>
      <Graph
        label={words.label(name)}
        graph={graph}
        positions={positions}
        placed={placed}
        onPlace={place}
        onLayOut={() => {
          place({});
          offerUndo(messages.labs.notices.laidOut, () => place(placed));
        }}
        onExport={(svg) => void exportSvg(name, svg)}
        statusOf={(node) => nodeStatus(nodes.get(node)?.state ?? "unknown", context.isStale)}
        chipOf={chipOf}
        ratesOf={ratesOf}
        onOpen={withNode(openConsole)}
        onLogs={withNode(openLogs)}
        onNodeMenu={(node, at) => setMenu({ groups: menuOf(node), place: at })}
        onLinkMenu={({ link }, at) => setMenu({ groups: linkMenu(links, link.ends), place: at })}
      />
      <Remarks graph={graph} />
      {menu && <PlacedMenu place={menu.place} groups={menu.groups} onClose={() => setMenu(null)} />}
      {impaired && (
        <ImpairDialog
          lab={lab}
          end={impaired}
          now={impairments.find((one) => isOf(one, impaired)) ?? null}
          onDone={again}
          onClose={() => setImpaired(null)}
        />
      )}
    </>
  );
}

/** The links of a node in its own menu, for those who do not use a pointer. */
function linksOf(context: LinkContext, graph: TopologyGraph, node: string) {
  const ends = graph.links.flatMap((link) => link.ends.filter((end) => end.node === node));
  return {
    id: "links",
    label: messages.labs.node.links,
    icon: <Waypoints />,
    run: () => {},
    entries: ends.flatMap((end) =>
      linkMenu(context, [end])
        .flat()
        .map((entry) => ({ ...entry, id: `${entry.id}:${endText(end)}` })),
    ),
  };
}

/** What was not understood and is not drawn. */
function Remarks({ graph: { remarks } }: { graph: TopologyGraph }) {
  if (remarks.length === 0) return null;
  return (
    <details className="shrink-0 border-t bg-panel px-5 py-1.5 text-fg-2">
      <summary className="cursor-pointer">{words.remarks(remarks.length)}</summary>
      <ul className="pt-1 pl-4">
        {remarks.map((remark) => (
          <li key={remark} data-selectable>
            {messages.sentence(remark)}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Where a person put nodes; kept by the core. */
function usePlaces({ view, positions }: LabPage) {
  const [placed, setPlaced] = useState<Positions>(positions);
  const place = (next: Positions) => {
    setPlaced(next);
    void attempt(labPositions({ lab: view.lab_ref, positions: next }));
  };
  return { placed, place };
}

async function exportSvg(name: string, svg: string): Promise<void> {
  const saved = await attempt(labDrawingSave({ name: `${name}.svg`, svg }));
  if (saved?.path)
    showToast({ id: "drawing", tone: "ok", text: messages.labs.notices.saved(saved.path), expiresMs: 5000 });
}
