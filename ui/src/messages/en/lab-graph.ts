/* Words of the drawing of a lab, and of what is done to its links. */
import type { Impairment } from "@/ipc";

const kindText = (kind: string, role: string | null): string => (role ? `${kind} · ${role}` : kind);

export const labGraph = {
  label: (name: string) => `Topology of ${name}`,
  how: "Arrow keys move from node to node, Enter opens a console, L shows logs, the menu key all actions. The Nodes tab has the same as a table.",
  node: (name: string, kind: string, role: string | null, state: string) =>
    [name, kindText(kind, role), state].filter(Boolean).join(", "),
  kind: kindText,
  tools: "Drawing",
  zoomIn: "Enlarge",
  zoomOut: "Make smaller",
  fit: "Fit",
  fitTitle: "Show all of it",
  layOut: "Lay out",
  layOutTitle: "Lay out anew: forgets where nodes were put",
  exportSvg: "Export SVG",
  layingOut: "Laying out…",
  none: {
    title: "No drawing",
    text: "The server does not tell how the nodes are linked. The Nodes tab shows what it tells.",
    action: "Show nodes",
  },
  failed: "The topology cannot be laid out",
  remarks: (count: number) => (count === 1 ? "1 thing is not drawn" : `${count} things are not drawn`),
  lan: "segment",
  stub: "stub",
  outside: "outside",
  ends: (a: string, b: string) => `${a} ↔ ${b}`,
  end: (node: string, at: string) => (at === "" ? node : `${node}:${at}`),
  rates: (down: string, up: string) => `↓ ${down} ↑ ${up}`,
  link: {
    menu: (ends: string) => `Menu of ${ends}`,
    impair: (end: string) => `Make ${end} worse…`,
    impairBare: "Impair…",
    clear: "Clear impairments",
    capture: (end: string) => `Capture ${end} in Wireshark`,
    captureBare: "Capture in Wireshark",
    unnamed: "it has no interface name",
  },
  impairment: {
    title: (end: string) => `Make ${end} worse`,
    lead: "What leaves this interface is held back, lost or spoilt on purpose until it is cleared.",
    delay: "Delay",
    jitter: "Jitter",
    loss: "Loss",
    rate: "Rate",
    corruption: "Corruption",
    ms: "ms",
    percent: "%",
    kbit: "kbit/s",
    cut: "Cut",
    cutHelp: "Loses everything, as a pulled cable does.",
    submit: "Apply",
    wrong: (text: string, most: number | null) =>
      most === null ? `${text} is not a number of 0 or more.` : `${text} is not a number from 0 to ${most}.`,
    nothing: "Enter at least one value.",
  },
  /** What is made worse, on a chip beside the link. */
  chip: (impairment: Impairment): string => {
    const { delay_ms, jitter_ms, loss_percent, rate_kbit, corruption_percent } = impairment;
    if (loss_percent === 100) return "cut";
    return [
      delay_ms !== null && `delay ${delay_ms} ms`,
      jitter_ms !== null && `jitter ${jitter_ms} ms`,
      loss_percent !== null && `loss ${loss_percent} %`,
      rate_kbit !== null && `${rate_kbit} kbit/s`,
      corruption_percent !== null && `spoilt ${corruption_percent} %`,
    ]
      .filter(Boolean)
      .join(", ");
  },
};
