/* The nodes of a lab as a table: the same as the drawing, in text. */
import { Box, Ellipsis, ScrollText, SquareTerminal } from "lucide-react";
import { useState } from "react";
import { useRowHeight } from "@/app/density";
import { nodeStatus } from "@/app/status";
import {
  CopyText,
  cx,
  EmptyState,
  IconButton,
  type MenuPlace,
  Nothing,
  PlacedMenu,
  StatusDot,
  TableHead,
  useRovingRows,
  useVirtualRows,
} from "@/components";
import type { LabNode } from "@/ipc";
import { messages } from "@/messages";
import { canConsole, canLogs, type NodeContext, nodeMenu, openConsole, openLogs } from "./node-menu";

const words = messages.labs.nodesTab;
const keyOf = ({ name }: LabNode) => name;

const COLUMNS =
  "grid grid-cols-[112px_minmax(110px,1fr)_minmax(90px,0.8fr)_minmax(140px,1.8fr)_minmax(110px,1fr)_96px] items-center gap-x-3.5 px-5 tightest:grid-cols-[112px_minmax(100px,1fr)_minmax(80px,0.8fr)_minmax(110px,1fr)_96px]";

const HEAD = [
  { title: words.columns.state },
  { title: words.columns.name },
  { title: words.columns.kind },
  { title: words.columns.image, leaves: "tightest" as const },
  { title: words.columns.address },
  { title: words.columns.actions, isHidden: true },
];

export function NodesTab({ nodes, context }: { nodes: readonly LabNode[]; context: NodeContext }) {
  const { scroller, virtual } = useVirtualRows(nodes, keyOf, useRowHeight());
  const [menu, setMenu] = useState<{ name: string; place: MenuPlace } | null>(null);
  const roving = useRovingRows({
    count: nodes.length,
    onOpen: (index) => {
      const node = nodes[index];
      if (node) openConsole(context, node);
    },
    scrollTo: (index) => virtual.scrollToIndex(index),
  });
  if (nodes.length === 0) return <EmptyState icon={<Box />} {...words.none} />;
  const chosen = nodes.find(({ name }) => name === menu?.name);
  return (
    <div ref={scroller} className="@container min-h-0 grow overflow-y-auto pb-5">
      <div
        role="grid"
        aria-label={words.label}
        aria-rowcount={nodes.length + 1}
        aria-colcount={HEAD.length}
        tabIndex={-1}
        onKeyDown={(event) => {
          const row = event.target instanceof HTMLElement ? event.target.dataset.row : undefined;
          const node = row === undefined ? undefined : nodes[Number(row)];
          if (node && event.key.toLowerCase() === "l" && !event.ctrlKey && !event.metaKey)
            return openLogs(context, node);
          roving.onKeyDown(event);
        }}
      >
        <TableHead grid={COLUMNS} columns={HEAD} />
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const node = nodes[item.index];
            return (
              node && (
                <div
                  key={item.key}
                  {...roving.rowProps(item.index)}
                  role="row"
                  aria-label={node.name}
                  onDoubleClick={() => openConsole(context, node)}
                  onContextMenu={(event) => {
                    event.preventDefault();
                    setMenu({ name: node.name, place: { x: event.clientX, y: event.clientY } });
                  }}
                  style={{ top: item.start }}
                  className={cx(
                    COLUMNS,
                    "group eased absolute inset-x-0 h-(--row) border-b -outline-offset-2! focus-within:bg-selected hover:bg-hover",
                    context.isStale && "text-fg-3",
                  )}
                >
                  <NodeCells
                    node={node}
                    context={context}
                    tabIndex={item.index === roving.active ? 0 : -1}
                    onMenu={(button) => setMenu({ name: node.name, place: { button } })}
                  />
                </div>
              )
            );
          })}
        </div>
      </div>
      {menu && chosen && (
        <PlacedMenu place={menu.place} groups={nodeMenu(context, chosen)} onClose={() => setMenu(null)} />
      )}
    </div>
  );
}

function NodeCells(props: {
  node: LabNode;
  context: NodeContext;
  tabIndex: number;
  onMenu: (button: HTMLElement) => void;
}) {
  const { node, context, tabIndex } = props;
  const { tone, word } = nodeStatus(node.state, context.isStale);
  return (
    <>
      <div role="gridcell" className="min-w-0" title={node.state_remark ?? word}>
        <StatusDot tone={tone} word={word} className="max-w-full" />
      </div>
      <div role="gridcell" className="truncate font-[550]">
        {node.name}
      </div>
      <div role="gridcell" className="truncate text-fg-2">
        {node.kind}
      </div>
      <div
        role="gridcell"
        className="truncate font-mono text-fg-2 tightest:hidden"
        title={node.image ?? undefined}
      >
        {node.image ?? <Nothing />}
      </div>
      <div role="gridcell" className="min-w-0">
        {node.management_address ? (
          <CopyText text={node.management_address} tabIndex={tabIndex} className="max-w-full" />
        ) : (
          <Nothing />
        )}
      </div>
      <div role="gridcell" className="flex justify-end gap-0.5">
        <CellButton
          label={messages.labs.actions.of(messages.labs.node.console, node.name)}
          icon={<SquareTerminal className="size-3.5!" />}
          can={canConsole(context, node) === true}
          tabIndex={tabIndex}
          onClick={() => openConsole(context, node)}
        />
        <CellButton
          label={messages.labs.actions.of(messages.labs.node.logs, node.name)}
          icon={<ScrollText className="size-3.5!" />}
          can={canLogs(context, node) === true}
          tabIndex={tabIndex}
          onClick={() => openLogs(context, node)}
        />
        <IconButton
          label={words.menu(node.name)}
          icon={<Ellipsis />}
          aria-haspopup="menu"
          tabIndex={tabIndex}
          onClick={(event) => props.onMenu(event.currentTarget)}
        />
      </div>
    </>
  );
}

function CellButton(props: {
  label: string;
  icon: React.ReactNode;
  can: boolean;
  tabIndex: number;
  onClick: () => void;
}) {
  return (
    <IconButton
      label={props.label}
      icon={props.icon}
      disabled={!props.can}
      tabIndex={props.tabIndex}
      onClick={props.onClick}
    />
  );
}
