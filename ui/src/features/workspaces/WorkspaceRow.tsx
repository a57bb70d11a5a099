import { memo, type ReactNode } from "react";
import { useNow } from "@/app/clock";
import { workspaceStatus } from "@/app/status";
import { useConnection } from "@/app/store";
import { mainAction, useWorkspaceActions } from "@/app/workspace-actions";
import {
  Button,
  Chip,
  cx,
  formatAge,
  GridCell,
  GridRow,
  type GridRowProps,
  GridStateCell,
  Nothing,
  RowMenuButton,
  StatusDot,
} from "@/components";
import type { WorkspaceRef, WorkspaceView } from "@/ipc";
import { messages } from "@/messages";

const words = messages.workspaces;

/** The grid's columns: state, name, server, image, ports, CPU, age, actions. */
export const COLUMNS =
  "grid grid-cols-[126px_minmax(120px,1.6fr)_minmax(72px,84px)_minmax(96px,1fr)_148px_86px_44px_146px] items-center gap-x-3 px-5 narrow:grid-cols-[126px_minmax(110px,1fr)_80px_148px_86px_146px]";

const PORTS_SHOWN = 3;

export interface RowProps extends GridRowProps<WorkspaceView> {
  cpu: (workspace: WorkspaceRef, name: string) => ReactNode;
}

/** One workspace. Its actions show on hover and on focus, and are always in its menu.

    Many come and go while a long list is scrolled: a row is drawn again only when something about it
    changes, and it holds nothing that opens. */
export const WorkspaceRow = memo(function WorkspaceRow(props: RowProps) {
  const { row: view, cpu } = props;
  const { workspace } = view;
  const isStale = view.stale_since !== null;
  return (
    <GridRow of={props} name={workspace.name} className={cx(COLUMNS, isStale && "text-fg-3")}>
      <StateCell of={props} />
      <GridCell className="flex items-baseline gap-2.5">
        <span className={cx("truncate font-[550]", !isStale && "text-fg")}>{workspace.name}</span>
        <OriginBadge view={view} />
        {workspace.branch && (
          <span className="min-w-0 shrink-[1000] truncate font-mono text-fg-3">{workspace.branch}</span>
        )}
      </GridCell>
      <GridCell className={cx("truncate", !isStale && "text-fg-2")}>{view.connection_name}</GridCell>
      <GridCell className={cx("truncate font-mono narrow:hidden", !isStale && "text-fg-2")}>
        {shortImage(workspace.image)}
      </GridCell>
      <PortsCell view={view} />
      <GridCell>
        {workspace.state === "running" && !isStale ? cpu(view.workspace_ref, workspace.name) : <Nothing />}
      </GridCell>
      <AgeCell at={workspace.created_at} />
      <ActionsCell of={props} />
    </GridRow>
  );
});

function ActionsCell({ of }: { of: GridRowProps<WorkspaceView> }) {
  const { row: view, isActive } = of;
  const actions = useWorkspaceActions((state) => state.actions);
  const connection = useConnection(view.workspace_ref.connection_id);
  const main = mainAction(actions, view, connection);
  return (
    <GridCell
      className="flex items-center justify-end gap-1.5 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 group-data-popup-open:opacity-100"
      stop
    >
      {main && (
        <Button
          tone={main.id === "workspace.open-ide" ? "main" : "default"}
          icon={main.icon}
          tabIndex={isActive ? 0 : -1}
          onClick={() => main.run(view)}
        >
          {main.title(view)}
        </Button>
      )}
      <RowMenuButton of={of} label={words.more(view.workspace.name)} />
    </GridCell>
  );
}

/** Who made it, while that makes a difference here. */
function OriginBadge({ view: { workspace, adoption } }: { view: WorkspaceView }) {
  const { origin } = workspace;
  if (adoption || origin === "moorline") return null;
  return (
    <span title={messages.adopt.badgeTitle[origin]} className="shrink-0 self-center">
      <Chip>{messages.adopt.badge[origin]}</Chip>
    </span>
  );
}

function StateCell({ of }: { of: GridRowProps<WorkspaceView> }) {
  const { row: view } = of;
  const now = useNow(60_000);
  const { tone, word } = workspaceStatus(view, now);
  const remark = view.workspace.state_remark;
  return (
    <GridStateCell
      of={of}
      select={messages.bulk.select(view.workspace.name)}
      title={remark ? `${word}: ${remark}` : word}
    >
      <StatusDot tone={tone} word={word} className="max-w-full" />
    </GridStateCell>
  );
}

const AgeCell = memo(function AgeCell({ at }: { at: number | null }) {
  const now = useNow(60_000);
  return (
    <GridCell className="text-fg-3 narrow:hidden">{at === null ? <Nothing /> : formatAge(at, now)}</GridCell>
  );
});

const PortsCell = memo(function PortsCell({ view }: { view: WorkspaceView }) {
  const { ports } = view.workspace;
  const open = new Set(view.forwards.map(({ port }) => port));
  if (ports.length === 0)
    return (
      <GridCell>
        <Nothing />
      </GridCell>
    );
  return (
    <GridCell className="flex gap-1 overflow-hidden">
      {ports.slice(0, PORTS_SHOWN).map(({ port }) => (
        <Chip key={port} mono lit={open.has(port) && view.stale_since === null}>
          {port}
        </Chip>
      ))}
      {ports.length > PORTS_SHOWN && <span className="text-fg-3">+{ports.length - PORTS_SHOWN}</span>}
    </GridCell>
  );
});

/** The image without its registry. */
export const shortImage = (image: string): string => image.replace(/^[^/]*[.:][^/]*\/|^localhost\//, "");
