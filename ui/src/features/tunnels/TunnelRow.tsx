import { Ellipsis, Star } from "lucide-react";
import { type MouseEvent, memo, type ReactNode } from "react";
import { useNow } from "@/app/clock";
import { tunnelStatus } from "@/app/status";
import { firstAction, type TunnelAction } from "@/app/tunnel-actions";
import { isDown, throughOf, throughput } from "@/app/tunnels";
import {
  Button,
  cx,
  formatRate,
  type MenuPlace,
  rovingRow,
  SelectBox,
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

export interface RowProps {
  view: TunnelView;
  index: number;
  top: number;
  isActive: boolean;
  isSelected: boolean;
  /** The detail below shows it. */
  isShown: boolean;
  selects: boolean;
  hasMenu: boolean;
  onFocus: (index: number) => void;
  onToggle: (key: string) => void;
  onOpen: (view: TunnelView, event: MouseEvent) => void;
  onMenu: (view: TunnelView, place: MenuPlace) => void;
}

/** One tunnel. Its actions stand over the end of the row on hover and focus, and are always in its menu. */
export const TunnelRow = memo(function TunnelRow(props: RowProps) {
  const { view, isActive, isSelected, hasMenu } = props;
  const { tunnel } = view;
  return (
    <div
      {...rovingRow(props.index, isActive, props.onFocus)}
      role="row"
      aria-label={tunnel.name}
      aria-selected={isSelected}
      aria-current={props.isShown || undefined}
      data-popup-open={hasMenu || undefined}
      onClick={(event) => props.onOpen(view, event)}
      onContextMenu={(event) => {
        event.preventDefault();
        props.onMenu(view, { x: event.clientX, y: event.clientY });
      }}
      style={{ top: props.top }}
      className={cx(
        COLUMNS,
        "group eased absolute inset-x-0 h-(--row) border-b -outline-offset-2! contain-strict focus-within:bg-selected data-popup-open:bg-selected",
        isSelected || props.isShown ? "bg-selected" : "bg-bg hover:bg-hover",
      )}
    >
      <StateCell view={view}>
        <SelectBox
          label={words.select(tunnel.name)}
          isSelected={isSelected}
          isShown={props.selects}
          onToggle={() => props.onToggle(tunnel.id)}
        />
      </StateCell>
      <NameCell view={view} />
      <Cell>
        <Ends view={view} tabIndex={isActive ? 0 : -1} />
      </Cell>
      <Cell className="truncate text-fg-2">
        <span title={throughOf(view)}>{throughOf(view) || <Nothing />}</span>
      </Cell>
      <Cell className="text-fg-2 tabular-nums tighter:hidden">
        <RoundTrip view={view} />
      </Cell>
      <Cell className="tight:hidden">
        <TrafficLine view={view} />
      </Cell>
      <Cell className="tightest:hidden">
        <Strip strip={view.strip} />
      </Cell>
      <ActionsCell view={view} isActive={isActive} hasMenu={hasMenu} onMenu={props.onMenu} />
    </div>
  );
});

function Cell({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <div role="gridcell" className={cx("min-w-0", className)}>
      {children}
    </div>
  );
}

const Nothing = () => <span className="text-fg-3">—</span>;

function StateCell({ view: { state }, children }: { view: TunnelView; children: ReactNode }) {
  const now = useNow(state.state === "reconnecting" ? 1000 : 60_000);
  const { tone, word } = tunnelStatus(state, now);
  const why =
    "error" in state
      ? messages.sentence(state.error.message)
      : state.state === "connecting"
        ? state.stage
        : null;
  return (
    <div role="gridcell" className="min-w-0" title={why ? `${word}: ${why}` : word}>
      {children}
      <StatusDot tone={tone} word={word} className="max-w-full tabular-nums" />
    </div>
  );
}

function NameCell({ view }: { view: TunnelView }) {
  const { name, options } = view.tunnel;
  return (
    <Cell className="flex items-center gap-1.5">
      <span className={cx("truncate font-[550]", isDown(view) && "text-fg-2")} title={name}>
        {name}
      </span>
      {options.is_favourite && (
        <span title={words.favourite} className="shrink-0 text-fg-3">
          <Star className="size-3! fill-current" aria-label={words.favourite} />
        </span>
      )}
    </Cell>
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

function ActionsCell({
  view,
  isActive,
  hasMenu,
  onMenu,
}: Pick<RowProps, "view" | "isActive" | "hasMenu" | "onMenu">) {
  const label = words.more(view.tunnel.name);
  const offered = [
    firstAction(view, "tunnel.browse"),
    firstAction(view, "tunnel.reconnect", "tunnel.use-port"),
    firstAction(view, "tunnel.start", "tunnel.stop"),
  ];
  const tabIndex = isActive ? 0 : -1;
  return (
    <div
      role="gridcell"
      onClick={(event) => event.stopPropagation()}
      className="pointer-events-none absolute inset-y-0.5 right-0.5 flex items-center gap-0.5 bg-inherit pr-3.5 pl-3 opacity-0 group-focus-within:pointer-events-auto group-focus-within:opacity-100 group-hover:pointer-events-auto group-hover:opacity-100 group-data-popup-open:pointer-events-auto group-data-popup-open:opacity-100"
    >
      {offered.map(
        (action) => action && <RowButton key={action.id} action={action} view={view} tabIndex={tabIndex} />,
      )}
      <Button
        tone="quiet"
        className="w-7 px-0! [&_svg]:size-4!"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={hasMenu}
        title={label}
        icon={<Ellipsis />}
        tabIndex={tabIndex}
        onClick={(event) => onMenu(view, { button: event.currentTarget })}
      />
    </div>
  );
}

function RowButton({ action, view, tabIndex }: { action: TunnelAction; view: TunnelView; tabIndex: number }) {
  const title = action.title(view);
  return (
    <Button
      tone="quiet"
      className="w-7 px-0!"
      aria-label={words.actions.of(title, view.tunnel.name)}
      title={title}
      icon={action.icon}
      tabIndex={tabIndex}
      onClick={() => action.run(view)}
    />
  );
}
