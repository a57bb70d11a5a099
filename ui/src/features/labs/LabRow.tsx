import { AlarmClock, Star } from "lucide-react";
import { memo } from "react";
import { useNow } from "@/app/clock";
import { firstLabAction } from "@/app/lab-actions";
import { labStatus } from "@/app/status";
import { useConnection } from "@/app/store";
import {
  Chip,
  cx,
  formatMoment,
  formatSpan,
  GridCell,
  GridRow,
  type GridRowProps,
  GridStateCell,
  Nothing,
  RowActions,
  RowIconButton,
  RowMenuButton,
  StatusDot,
} from "@/components";
import type { LabView } from "@/ipc";
import { messages } from "@/messages";

const words = messages.labs;

/** State, name, server, owner, nodes, up time. When it gets narrow, the owner leaves first. */
export const COLUMNS =
  "grid grid-cols-[150px_minmax(160px,2fr)_minmax(100px,1fr)_minmax(84px,0.7fr)_72px_96px] items-center gap-x-3.5 px-5 tightest:grid-cols-[150px_minmax(150px,2fr)_minmax(96px,1fr)_72px_96px]";

/** One lab. */
export const LabRow = memo(function LabRow(props: GridRowProps<LabView>) {
  const { row: view } = props;
  const { lab } = view;
  const isStale = view.stale_since !== null;
  return (
    <GridRow of={props} name={lab.name} className={cx(COLUMNS, isStale && "text-fg-3")}>
      <StateCell of={props} />
      <NameCell view={view} />
      <GridCell className={cx("truncate", !isStale && "text-fg-2")}>{view.connection_name}</GridCell>
      <GridCell className={cx("truncate tightest:hidden", !isStale && "text-fg-2")}>
        {lab.owner ?? <Nothing />}
      </GridCell>
      <GridCell className="tabular-nums">
        <NodeCount view={view} />
      </GridCell>
      <UpCell at={lab.started_at} />
      <ActionsCell of={props} />
    </GridRow>
  );
});

function StateCell({ of }: { of: GridRowProps<LabView> }) {
  const now = useNow(60_000);
  const { tone, word } = labStatus(of.row, now);
  const { name, state_remark: remark } = of.row.lab;
  return (
    <GridStateCell of={of} select={words.select(name)} title={remark ? `${word}: ${remark}` : word}>
      <StatusDot tone={tone} word={word} className="max-w-full" />
    </GridStateCell>
  );
}

function NameCell({ view }: { view: LabView }) {
  const now = useNow(60_000);
  const { lab, is_favourite, auto_stop, stale_since } = view;
  return (
    <GridCell className="flex items-center gap-2">
      <span className={cx("truncate font-[550]", stale_since === null && "text-fg")} title={lab.name}>
        {lab.name}
      </span>
      {lab.instance && (
        <span title={words.instanceTitle}>
          <Chip>{words.instance(lab.instance)}</Chip>
        </span>
      )}
      {is_favourite && (
        <span title={words.favourite} className="shrink-0 text-fg-3">
          <Star className="size-3! fill-current" aria-label={words.favourite} />
        </span>
      )}
      {auto_stop && (
        <span title={words.stopsAt(formatMoment(auto_stop.at, now))} className="shrink-0 text-fg-3">
          <AlarmClock className="size-3!" aria-label={words.stopsAt(formatMoment(auto_stop.at, now))} />
        </span>
      )}
    </GridCell>
  );
}

function NodeCount({ view: { lab, stale_since } }: { view: LabView }) {
  const { nodes_running: running, nodes_total: total } = lab;
  if (total === null) return <Nothing />;
  const isShort = stale_since === null && lab.state === "partly";
  return (
    <span className={isShort ? "text-warn" : "text-fg-2"}>
      {running === null ? total : words.nodesOf(running, total)}
    </span>
  );
}

function UpCell({ at }: { at: number | null }) {
  const now = useNow(60_000);
  return (
    <GridCell className="truncate text-fg-3 tabular-nums">
      {at === null ? <Nothing /> : formatSpan(now - at)}
    </GridCell>
  );
}

function ActionsCell({ of }: { of: GridRowProps<LabView> }) {
  const { row: view, isActive } = of;
  const server = useConnection(view.lab_ref.connection_id);
  const action = firstLabAction(view, server, "lab.show-run", "lab.start", "lab.stop");
  return (
    <RowActions>
      {action && (
        <RowIconButton
          label={words.actions.of(action.title, view.lab.name)}
          title={action.title}
          icon={action.icon}
          isActive={isActive}
          onClick={() => action.run(view)}
        />
      )}
      <RowMenuButton of={of} label={words.more(view.lab.name)} />
    </RowActions>
  );
}
