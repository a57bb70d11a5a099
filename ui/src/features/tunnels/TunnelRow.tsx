import { Star } from "lucide-react";
import { memo } from "react";
import { useNow } from "@/app/clock";
import { tunnelStatus } from "@/app/status";
import { firstAction } from "@/app/tunnel-actions";
import { isDown, throughOf, throughput } from "@/app/tunnels";
import {
  cx,
  formatRate,
  GridCell,
  GridRow,
  type GridRowProps,
  GridStateCell,
  Nothing,
  RowActions,
  RowIconButton,
  RowMenuButton,
  Sparkline,
  StatusDot,
} from "@/components";
import type { TunnelView } from "@/ipc";
import { messages } from "@/messages";
import { Ends } from "./Ends";
import { Strip } from "./Strip";

const words = messages.tunnels;

/** State, name, ends, way, round trip, traffic, strip. When it gets narrow, traffic leaves first, then the
    round trip, then the strip: the detail has them all. */
export const COLUMNS =
  "grid grid-cols-[142px_minmax(90px,0.8fr)_minmax(270px,2.4fr)_minmax(84px,0.8fr)_72px_84px_144px] items-center gap-x-3.5 px-5 tight:grid-cols-[142px_minmax(90px,0.8fr)_minmax(240px,2.2fr)_minmax(84px,0.8fr)_72px_144px] tighter:grid-cols-[142px_minmax(90px,0.8fr)_minmax(240px,2.2fr)_minmax(84px,0.8fr)_144px] tightest:grid-cols-[142px_minmax(90px,0.8fr)_minmax(240px,2.2fr)_minmax(84px,0.8fr)]";

/** Points of the drawing; fewer samples leave its beginning empty. */
const POINTS = 30;

/** One tunnel. Its actions stand over the end of the row on hover and focus, and are always in its menu. */
export const TunnelRow = memo(function TunnelRow(props: GridRowProps<TunnelView>) {
  const { row: view, isActive } = props;
  return (
    <GridRow of={props} name={view.tunnel.name} className={COLUMNS}>
      <StateCell of={props} />
      <NameCell view={view} />
      <GridCell>
        <Ends view={view} tabIndex={isActive ? 0 : -1} />
      </GridCell>
      <GridCell className="truncate text-fg-2">
        <span title={throughOf(view)}>{throughOf(view) || <Nothing />}</span>
      </GridCell>
      <GridCell className="text-fg-2 tabular-nums tighter:hidden">
        <RoundTrip view={view} />
      </GridCell>
      <GridCell className="tight:hidden">
        <TrafficLine view={view} />
      </GridCell>
      <GridCell className="tightest:hidden">
        <Strip strip={view.strip} />
      </GridCell>
      <ActionsCell of={props} />
    </GridRow>
  );
});

function StateCell({ of }: { of: GridRowProps<TunnelView> }) {
  const { state, tunnel } = of.row;
  const now = useNow(state.state === "reconnecting" ? 1000 : 60_000);
  const { tone, word } = tunnelStatus(state, now);
  const why =
    "error" in state
      ? messages.sentence(state.error.message)
      : state.state === "connecting"
        ? state.stage
        : null;
  return (
    <GridStateCell of={of} select={words.select(tunnel.name)} title={why ? `${word}: ${why}` : word}>
      <StatusDot tone={tone} word={word} className="max-w-full tabular-nums" />
    </GridStateCell>
  );
}

function NameCell({ view }: { view: TunnelView }) {
  const { name, options } = view.tunnel;
  return (
    <GridCell className="flex items-center gap-1.5">
      <span className={cx("truncate font-[550]", isDown(view) && "text-fg-2")} title={name}>
        {name}
      </span>
      {options.is_favourite && (
        <span title={words.favourite} className="shrink-0 text-fg-3">
          <Star className="size-3! fill-current" aria-label={words.favourite} />
        </span>
      )}
    </GridCell>
  );
}

function RoundTrip({ view }: { view: TunnelView }) {
  if (view.round_trip_ms !== null) return messages.states.roundTrip(view.round_trip_ms);
  if (view.state.state === "listening") return <span className="text-fg-3">{words.onDemand}</span>;
  return <Nothing />;
}

function TrafficLine({ view }: { view: TunnelView }) {
  const { samples } = view.traffic;
  const values = samples.map((sample) => sample.down_per_second + sample.up_per_second);
  if (isDown(view) || values.every((value) => value === 0)) return <Nothing />;
  const { down, up } = throughput(view.traffic);
  const label = words.traffic(formatRate(down), formatRate(up));
  const early = Array.from({ length: Math.max(0, POINTS - values.length) }, () => 0);
  return (
    <span title={label}>
      <Sparkline values={[...early, ...values]} label={label} />
    </span>
  );
}

function ActionsCell({ of }: { of: GridRowProps<TunnelView> }) {
  const { row: view, isActive } = of;
  const offered = [
    firstAction(view, "tunnel.browse"),
    firstAction(view, "tunnel.reconnect", "tunnel.use-port"),
    firstAction(view, "tunnel.start", "tunnel.stop"),
  ];
  return (
    <RowActions>
      {offered.map(
        (action) =>
          action && (
            <RowIconButton
              key={action.id}
              label={words.actions.of(action.title(view), view.tunnel.name)}
              title={action.title(view)}
              icon={action.icon}
              isActive={isActive}
              onClick={() => action.run(view)}
            />
          ),
      )}
      <RowMenuButton of={of} label={words.more(view.tunnel.name)} />
    </RowActions>
  );
}
