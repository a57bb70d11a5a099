import { Ellipsis } from "lucide-react";
import { type MouseEvent, memo, type ReactNode } from "react";
import { useNow } from "@/app/clock";
import { workspaceStatus } from "@/app/status";
import { useConnection, workspaceKey } from "@/app/store";
import { mainAction, useWorkspaceActions } from "@/app/workspace-actions";
import { Button, Chip, cx, formatAge, type MenuPlace, rovingRow, SelectBox, StatusDot } from "@/components";
import type { WorkspaceRef, WorkspaceView } from "@/ipc";
import { messages } from "@/messages";

const words = messages.workspaces;

/** The grid's columns: state, name, server, image, ports, CPU, age, actions. */
export const COLUMNS =
  "grid grid-cols-[126px_minmax(120px,1.6fr)_minmax(72px,84px)_minmax(96px,1fr)_148px_86px_44px_146px] items-center gap-x-3 px-5 narrow:grid-cols-[126px_minmax(110px,1fr)_80px_148px_86px_146px]";

const PORTS_SHOWN = 3;

export interface RowProps {
  view: WorkspaceView;
  index: number;
  top: number;
  isActive: boolean;
  isSelected: boolean;
  /** Some row is selected: then every row shows its box. */
  selects: boolean;
  /** Its menu is open. */
  hasMenu: boolean;
  onFocus: (index: number) => void;
  onToggle: (key: string) => void;
  onOpen: (view: WorkspaceView, event: MouseEvent) => void;
  onMenu: (view: WorkspaceView, place: MenuPlace) => void;
  cpu: (workspace: WorkspaceRef, name: string) => ReactNode;
}

/** One workspace. Its actions show on hover and on focus, and are always in its menu.

    Many come and go while a long list is scrolled: a row is drawn again only when something about it
    changes, and it holds nothing that opens. */
export const WorkspaceRow = memo(function WorkspaceRow(props: RowProps) {
  const { view, top, isActive, isSelected, selects, hasMenu, cpu } = props;
  const { workspace } = view;
  const isStale = view.stale_since !== null;
  return (
    <div
      {...rovingRow(props.index, isActive, props.onFocus)}
      role="row"
      aria-label={workspace.name}
      aria-selected={isSelected}
      data-popup-open={hasMenu || undefined}
      onClick={(event) => props.onOpen(view, event)}
      onContextMenu={(event) => {
        event.preventDefault();
        props.onMenu(view, { x: event.clientX, y: event.clientY });
      }}
      style={{ top }}
      className={cx(
        COLUMNS,
        "group eased absolute inset-x-0 h-(--row) border-b -outline-offset-2! contain-strict hover:bg-hover focus-within:bg-selected data-popup-open:bg-selected",
        isSelected && "bg-selected",
        isStale && "text-fg-3",
      )}
    >
      <StateCell view={view}>
        <SelectBox
          label={messages.bulk.select(workspace.name)}
          isSelected={isSelected}
          isShown={selects}
          onToggle={() => props.onToggle(workspaceKey(view.workspace_ref))}
        />
      </StateCell>
      <Cell className="flex items-baseline gap-2.5">
        <span className={cx("truncate font-[550]", !isStale && "text-fg")}>{workspace.name}</span>
        <OriginBadge view={view} />
        {workspace.branch && (
          <span className="min-w-0 shrink-[1000] truncate font-mono text-fg-3">{workspace.branch}</span>
        )}
      </Cell>
      <Cell className={cx("truncate", !isStale && "text-fg-2")}>{view.connection_name}</Cell>
      <Cell className={cx("truncate font-mono narrow:hidden", !isStale && "text-fg-2")}>
        {shortImage(workspace.image)}
      </Cell>
      <PortsCell view={view} />
      <Cell>
        {workspace.state === "running" && !isStale ? cpu(view.workspace_ref, workspace.name) : <Nothing />}
      </Cell>
      <AgeCell at={workspace.created_at} />
      <ActionsCell view={view} isActive={isActive} hasMenu={hasMenu} onMenu={props.onMenu} />
    </div>
  );
});

function ActionsCell({
  view,
  isActive,
  hasMenu,
  onMenu,
}: Pick<RowProps, "view" | "isActive" | "hasMenu" | "onMenu">) {
  const actions = useWorkspaceActions((state) => state.actions);
  const connection = useConnection(view.workspace_ref.connection_id);
  const main = mainAction(actions, view, connection);
  const label = words.more(view.workspace.name);
  return (
    <Cell
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
      <Button
        tone="quiet"
        className="w-7 px-0! [&_svg]:size-4!"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={hasMenu}
        title={label}
        icon={<Ellipsis />}
        tabIndex={isActive ? 0 : -1}
        onClick={(event) => onMenu(view, { button: event.currentTarget })}
      />
    </Cell>
  );
}

/** `stop`: clicks inside do not open the row. */
function Cell({ className, stop, children }: { className?: string; stop?: boolean; children: ReactNode }) {
  return (
    <div
      role="gridcell"
      className={cx("min-w-0", className)}
      onClick={stop ? (event) => event.stopPropagation() : undefined}
    >
      {children}
    </div>
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

const Nothing = () => <span className="text-fg-3">—</span>;

function StateCell({ view, children }: { view: WorkspaceView; children: ReactNode }) {
  const now = useNow(60_000);
  const { tone, word } = workspaceStatus(view, now);
  const remark = view.workspace.state_remark;
  return (
    <div role="gridcell" className="min-w-0" title={remark ? `${word}: ${remark}` : word}>
      {children}
      <StatusDot tone={tone} word={word} className="max-w-full" />
    </div>
  );
}

const AgeCell = memo(function AgeCell({ at }: { at: number | null }) {
  const now = useNow(60_000);
  return <Cell className="text-fg-3 narrow:hidden">{at === null ? <Nothing /> : formatAge(at, now)}</Cell>;
});

const PortsCell = memo(function PortsCell({ view }: { view: WorkspaceView }) {
  const { ports } = view.workspace;
  const open = new Set(view.forwards.map(({ port }) => port));
  if (ports.length === 0)
    return (
      <Cell>
        <Nothing />
      </Cell>
    );
  return (
    <Cell className="flex gap-1 overflow-hidden">
      {ports.slice(0, PORTS_SHOWN).map(({ port }) => (
        <Chip key={port} mono lit={open.has(port) && view.stale_since === null}>
          {port}
        </Chip>
      ))}
      {ports.length > PORTS_SHOWN && <span className="text-fg-3">+{ports.length - PORTS_SHOWN}</span>}
    </Cell>
  );
});

/** The image without its registry. */
export const shortImage = (image: string): string => image.replace(/^[^/]*[.:][^/]*\/|^localhost\//, "");
