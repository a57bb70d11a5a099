/* What can be done to a link of a lab: make it worse, make it good again, look into it. */
import { Eraser, Gauge, Radar } from "lucide-react";
import { attempt } from "@/app/operations";
import { showToast } from "@/app/toasts";
import type { MenuEntry, MenuGroups } from "@/components";
import { type Impairment, type LabFeatures, type LabRef, type LinkEnd, labCapture, labImpair } from "@/ipc";
import { messages } from "@/messages";
import { endText } from "./graph/lines";

const words = messages.labGraph.link;
const lacks = messages.labs.node.lacks;

export interface LinkContext {
  lab: LabRef;
  features: LabFeatures | null;
  impairments: readonly Impairment[];
  /** Asks how bad it shall be. */
  onImpair: (end: LinkEnd) => void;
  /** Asks anew what is made worse. */
  again: () => void;
}

export const GOOD = {
  delay_ms: null,
  jitter_ms: null,
  loss_percent: null,
  rate_kbit: null,
  corruption_percent: null,
};

/** A menu for the ends of a link. */
export function linkMenu(context: LinkContext, ends: readonly LinkEnd[]): MenuGroups {
  const { features } = context;
  const worse = ends.filter((end) => isWorse(context.impairments, end));
  const disabled = (can: boolean | undefined, end?: LinkEnd) =>
    !can
      ? { isDisabled: true, remark: lacks }
      : end?.interface === ""
        ? { isDisabled: true, remark: words.unnamed }
        : {};
  const impair = ends.map(
    (end): MenuEntry => ({
      id: `impair:${endText(end)}`,
      label: words.impair(endText(end)),
      icon: <Gauge />,
      run: () => context.onImpair(end),
      ...disabled(features?.impairments, end),
    }),
  );
  const clear: MenuEntry[] =
    worse.length > 0
      ? [{ id: "clear", label: words.clear, icon: <Eraser />, run: () => void clearAll(context, worse) }]
      : [];
  const capture = ends.map(
    (end): MenuEntry => ({
      id: `capture:${endText(end)}`,
      label: words.capture(endText(end)),
      icon: <Radar />,
      run: () => void startCapture(context.lab, end),
      ...disabled(features?.capture, end),
    }),
  );
  return [[...impair, ...clear], capture];
}

export const isOf = ({ node, interface: own }: Impairment, end: LinkEnd): boolean =>
  node === end.node && own === end.interface;

export const isWorse = (impairments: readonly Impairment[], end: LinkEnd): boolean =>
  impairments.some((one) => isOf(one, end));

async function clearAll({ lab, again }: LinkContext, ends: readonly LinkEnd[]): Promise<void> {
  for (const { node, interface: own } of ends)
    if (await attempt(labImpair({ lab, impairment: { node, interface: own, ...GOOD } })))
      showToast({ id: "impair", tone: "ok", text: messages.labs.notices.good(node, own), expiresMs: 3000 });
  again();
}

async function startCapture(lab: LabRef, { node, interface: own }: LinkEnd): Promise<void> {
  if (await attempt(labCapture({ lab, node, interface: own })))
    showToast({ id: "capture", tone: "ok", text: messages.labs.notices.capture(node, own), expiresMs: 5000 });
}
