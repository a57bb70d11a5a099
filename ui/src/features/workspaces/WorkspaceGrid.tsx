/* The rows as a grid: virtual, moved through with arrows, opened with Enter. */
import { type MouseEvent, type ReactNode, useState } from "react";
import { useRowHeight } from "@/app/density";
import { goTo, paths } from "@/app/navigation";
import { findWorkspace, useConnection, useCore, workspaceKey } from "@/app/store";
import { useWorkspaceActions, workspaceMenu } from "@/app/workspace-actions";
import {
  type MenuPlace,
  PlacedMenu,
  type RowSelection,
  TableHead,
  useRovingRows,
  useStable,
  useVirtualRows,
} from "@/components";
import type { WorkspaceRef, WorkspaceView } from "@/ipc";
import { messages } from "@/messages";
import { COLUMNS, WorkspaceRow } from "./WorkspaceRow";

const words = messages.workspaces;
const keyOf = (view: WorkspaceView) => workspaceKey(view.workspace_ref);

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
  const { scroller, virtual } = useVirtualRows(rows, keyOf, useRowHeight());
  const open = (view: WorkspaceView) => goTo(paths.workspace(view.workspace_ref));
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const roving = useRovingRows({
    count: rows.length,
    onOpen: (index) => {
      const view = rows[index];
      if (view) open(view);
    },
    scrollTo: (index) => virtual.scrollToIndex(index),
  });
  const onToggle = useStable(selection.toggle);
  const onOpen = useStable((view: WorkspaceView, event: MouseEvent) => {
    if (!selection.onRowClick(event, workspaceKey(view.workspace_ref))) open(view);
  });
  const onMenu = useStable(({ workspace_ref: workspace }: WorkspaceView, place: MenuPlace) => {
    const isOpen = menu && "button" in menu.place && "button" in place && menu.place.button === place.button;
    setMenu(isOpen ? null : { workspace, place });
  });
  const menuKey = menu && workspaceKey(menu.workspace);
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
        <TableHead grid={COLUMNS} columns={HEAD} />
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const view = rows[item.index];
            if (!view) return null;
            const key = workspaceKey(view.workspace_ref);
            return (
              <WorkspaceRow
                key={item.key}
                view={view}
                index={item.index}
                top={item.start}
                isActive={item.index === roving.active}
                isSelected={selection.keys.has(key)}
                selects={selection.keys.size > 0}
                hasMenu={key === menuKey}
                onFocus={roving.onRowFocus}
                {...{ onToggle, onOpen, onMenu, cpu }}
              />
            );
          })}
        </div>
      </div>
      {footer}
      {menu && <RowMenu menu={menu} onClose={() => setMenu(null)} />}
    </div>
  );
}

interface OpenMenu {
  workspace: WorkspaceRef;
  place: MenuPlace;
}

/** The menu of whichever row was asked for it. */
function RowMenu({ menu: { workspace, place }, onClose }: { menu: OpenMenu; onClose: () => void }) {
  const actions = useWorkspaceActions((state) => state.actions);
  const view = useCore((state) => findWorkspace(state, workspace));
  const connection = useConnection(workspace.connection_id);
  if (!view) return null;
  return <PlacedMenu place={place} groups={workspaceMenu(actions, view, connection)} onClose={onClose} />;
}

const HEAD = [
  ...(["state", "name", "server", "image", "ports", "cpu", "age"] as const).map((column) => ({
    title: words.columns[column],
    isWide: HIDDEN_WHEN_NARROW.has(column),
  })),
  { title: words.columns.actions, isHidden: true },
];
