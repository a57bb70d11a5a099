/* What can be done to a node of a lab; the drawing's menu, the table and the keys all read it. */
import { Copy, Pause, Play, RotateCw, ScrollText, Square, SquareTerminal, StepForward } from "lucide-react";
import type { ReactNode } from "react";
import { copyText } from "@/app/lab-actions";
import { changeNode } from "@/app/lab-operations";
import { showToast } from "@/app/toasts";
import type { Possible } from "@/app/workspace-actions";
import type { MenuEntry, MenuGroups } from "@/components";
import type { LabFeatures, LabNode, LabRef, NodeVerb, WorkspaceRef } from "@/ipc";
import { messages } from "@/messages";

const words = messages.labs.node;

/** What other features do with a node. */
export interface NodeOpeners {
  console: (workspace: WorkspaceRef) => void;
  logs: (workspace: WorkspaceRef, name: string) => void;
}

export interface NodeContext {
  lab: LabRef;
  features: LabFeatures | null;
  /** Its server is away; nodes are as they were. */
  isStale: boolean;
  open: NodeOpeners;
  /** Asks for the nodes anew. */
  again: () => void;
}

export function canConsole({ features }: NodeContext, node: LabNode): Possible {
  if (features && !features.console) return words.lacks;
  if (node.console === null) return words.noConsole;
  return node.state === "running" || node.state === "unknown" || words.notRunning;
}

export function canLogs({ features }: NodeContext, node: LabNode): Possible {
  if (features && !features.node_logs) return words.lacks;
  return node.console !== null || words.noConsole;
}

export function openConsole(context: NodeContext, node: LabNode): void {
  const can = canConsole(context, node);
  if (can !== true || node.console === null) return refuse(words.noConsoleOf(node.name), can);
  context.open.console({ connection_id: context.lab.connection_id, workspace_id: node.console });
}

export function openLogs(context: NodeContext, node: LabNode): void {
  const can = canLogs(context, node);
  if (can !== true || node.console === null) return refuse(words.noLogsOf(node.name), can);
  context.open.logs({ connection_id: context.lab.connection_id, workspace_id: node.console }, node.name);
}

/** A key or a double click that does nothing has to say why. */
function refuse(text: string, why: Possible): void {
  const detail = typeof why === "string" ? { detail: messages.sentence(why) } : {};
  showToast({ id: "node-refused", tone: "info", text, ...detail, expiresMs: 4000 });
}

const VERBS: readonly [NodeVerb, ReactNode, LabNode["state"][]][] = [
  ["start", <Play key="start" />, ["stopped"]],
  ["restart", <RotateCw key="restart" />, ["running", "paused"]],
  ["pause", <Pause key="pause" />, ["running"]],
  ["unpause", <StepForward key="unpause" />, ["paused"]],
  ["stop", <Square key="stop" className="size-3!" />, ["running", "paused"]],
];

/** A menu for one node; what cannot be done says why. */
export function nodeMenu(context: NodeContext, node: LabNode): MenuGroups {
  const entry = (id: string, label: string, icon: ReactNode, can: Possible, run: () => void): MenuEntry => ({
    id,
    label,
    icon,
    run,
    ...(typeof can === "string" ? { isDisabled: true, remark: can } : {}),
  });
  const address = node.management_address;
  const can = (verb: NodeVerb): Possible => context.features?.node_verbs.includes(verb) || words.lacks;
  return [
    [
      {
        ...entry("console", words.console, <SquareTerminal />, canConsole(context, node), () =>
          openConsole(context, node),
        ),
        shortcut: ["Enter"],
      },
      {
        ...entry("logs", words.logs, <ScrollText />, canLogs(context, node), () => openLogs(context, node)),
        shortcut: ["L"],
      },
      entry("copy-address", words.copyAddress, <Copy />, address === null ? words.noAddress : true, () =>
        copyText(address ?? ""),
      ),
    ],
    VERBS.filter(([, , states]) => states.includes(node.state)).map(([verb, icon]) =>
      entry(verb, words.verbs[verb], icon, can(verb), () => {
        void changeNode(context.lab, node.name, verb).then((isDone) => isDone && context.again());
      }),
    ),
  ];
}
