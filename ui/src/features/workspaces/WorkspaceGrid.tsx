/* The rows as a grid: virtual, moved through with arrows, opened with Enter. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useCallback, useEffect, useRef } from "react";
import { useRowHeight } from "@/app/density";
import { goTo, paths } from "@/app/navigation";
import { workspaceKey } from "@/app/store";
import { useRovingRows } from "@/components";
import type { WorkspaceRef, WorkspaceView } from "@/ipc";
import { messages } from "@/messages";
import type { RowSelection } from "./useSelection";
import { COLUMNS, WorkspaceRow } from "./WorkspaceRow";

const words = messages.workspaces;

/** Columns that leave first when the window is narrow: image, then age. */
const HIDDEN_WHEN_NARROW = new Set(["image", "age"]);

export function WorkspaceGrid({
  rows,
  selection,
  cpu,
  footer,
}: {
  rows: readonly WorkspaceView[];
  selection: RowSelection;
  cpu: (workspace: WorkspaceRef, name: string) => ReactNode;
  footer: ReactNode;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const rowPx = useRowHeight();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => {
      const row = rows[index];
      return row ? workspaceKey(row.workspace_ref) : index;
    },
    overscan: 12,
    initialRect: { width: 1000, height: 700 },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height means another place for every row
  useEffect(() => virtual.measure(), [rowPx]);
  const open = useCallback((view: WorkspaceView) => goTo(paths.workspace(view.workspace_ref)), []);
  const roving = useRovingRows({
    count: rows.length,
    onOpen: (index) => {
      const view = rows[index];
      if (view) open(view);
    },
    scrollTo: (index) => virtual.scrollToIndex(index),
  });
  return (
    <div ref={scroller} className="min-h-0 grow overflow-y-auto pb-5">
      <div
        role="grid"
        aria-label={words.title}
        aria-rowcount={rows.length + 1}
        aria-colcount={8}
        aria-multiselectable
        tabIndex={-1}
        onKeyDown={(event) => {
          if (!selection.onKeyDown(event)) roving.onKeyDown(event);
        }}
      >
        <HeaderRow />
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const view = rows[item.index];
            return (
              view && (
                <WorkspaceRow
                  key={item.key}
                  view={view}
                  top={item.start}
                  isActive={item.index === roving.active}
                  rowProps={roving.rowProps(item.index)}
                  isSelected={selection.keys.has(workspaceKey(view.workspace_ref))}
                  selects={selection.keys.size > 0}
                  onToggle={selection.toggle}
                  onOpen={(opened, event) => {
                    if (!selection.onRowClick(event, workspaceKey(opened.workspace_ref))) open(opened);
                  }}
                  cpu={cpu}
                />
              )
            );
          })}
        </div>
      </div>
      {footer}
    </div>
  );
}

function HeaderRow() {
  const columns = ["state", "name", "server", "image", "ports", "cpu", "age"] as const;
  return (
    <div
      role="row"
      aria-rowindex={1}
      className={`${COLUMNS} sticky top-0 z-10 h-8 border-b bg-bg text-fg-2 text-small`}
    >
      {columns.map((column) => (
        <span
          key={column}
          role="columnheader"
          className={HIDDEN_WHEN_NARROW.has(column) ? "narrow:hidden" : undefined}
        >
          {words.columns[column]}
        </span>
      ))}
      <span role="columnheader">
        <span className="sr-only">{words.columns.actions}</span>
      </span>
    </div>
  );
}
