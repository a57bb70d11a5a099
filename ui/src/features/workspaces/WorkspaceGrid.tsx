/* The workspaces as a grid, opened with Enter. */
import type { ReactNode } from "react";
import { useRowHeight } from "@/app/density";
import { goTo, paths } from "@/app/navigation";
import { useConnection, workspaceKey } from "@/app/store";
import { useWorkspaceActions, workspaceMenu } from "@/app/workspace-actions";
import { type MenuPlace, PlacedMenu, RowGrid, type RowSelection } from "@/components";
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
  return (
    <RowGrid
      label={words.title}
      rows={rows}
      keyOf={keyOf}
      rowPx={useRowHeight()}
      columns={COLUMNS}
      head={HEAD}
      selection={selection}
      onOpen={(view) => goTo(paths.workspace(view.workspace_ref))}
      drawRow={(props) => <WorkspaceRow key={props.rowKey} {...props} cpu={cpu} />}
      drawMenu={(key, place, onClose) => <RowMenu of={key} {...{ rows, place, onClose }} />}
      footer={footer}
      className="grow pb-5"
    />
  );
}

/** The menu of whichever row was asked for it. */
function RowMenu({
  of,
  rows,
  place,
  onClose,
}: {
  of: string;
  rows: readonly WorkspaceView[];
  place: MenuPlace;
  onClose: () => void;
}) {
  const view = rows.find((row) => keyOf(row) === of);
  return view ? <MenuOf view={view} place={place} onClose={onClose} /> : null;
}

function MenuOf({ view, place, onClose }: { view: WorkspaceView; place: MenuPlace; onClose: () => void }) {
  const actions = useWorkspaceActions((state) => state.actions);
  const connection = useConnection(view.workspace_ref.connection_id);
  return <PlacedMenu place={place} groups={workspaceMenu(actions, view, connection)} onClose={onClose} />;
}

const HEAD = [
  ...(["state", "name", "server", "image", "ports", "cpu", "age"] as const).map((column) => ({
    title: words.columns[column],
    isWide: HIDDEN_WHEN_NARROW.has(column),
  })),
  { title: words.columns.actions, isHidden: true },
];
