/* What a drawing is made of: cards, and a hub for every link that is no line between two of them. */
import type { GraphLink, TopologyGraph } from "@/ipc";

/** What stands for a link that is no line between two nodes. */
export const hubId = (link: GraphLink): string => `hub:${link.id}`;

/** A link with other than two ends, or with one that leads out of the lab, has a hub of its own. */
export const isHub = ({ kind, ends }: GraphLink): boolean => kind !== "point_to_point" || ends.length !== 2;

/** Which things are drawn with a line between them. */
export function pairsOf({ links }: TopologyGraph): [string, string][] {
  return links.flatMap((link): [string, string][] => {
    if (isHub(link)) return link.ends.map((end) => [end.node, hubId(link)]);
    const [a, b] = link.ends;
    return a && b && a.node !== b.node ? [[a.node, b.node]] : [];
  });
}
