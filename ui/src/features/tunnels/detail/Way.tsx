import { CopyText, cx, Dot, type StatusTone } from "@/components";
import type { HopState, TunnelView } from "@/ipc";
import { messages } from "@/messages";
import { linkState, type Station, stationsOf } from "./way";

const words = messages.tunnels.detail;
const TONES: Record<HopState, StatusTone> = { idle: "idle", connecting: "busy", up: "ok", down: "err" };
const LINKS: Record<HopState, string> = {
  up: "border-ok!",
  connecting: "border-dashed border-warn!",
  down: "border-dashed border-err!",
  idle: "border-dashed border-line-strong!",
};

/** This computer, each machine on the way and the target, with what each answered last. */
export function Way({ view }: { view: TunnelView }) {
  const stations = stationsOf(view);
  return (
    <ol aria-label={words.way} className="flex flex-wrap gap-y-2.5">
      {stations.map((station, index) => (
        <Stop key={station.key} station={station} before={stations[index - 1]} />
      ))}
    </ol>
  );
}

/** A machine, and the piece of the way that leads to it. */
function Stop({ station, before }: { station: Station; before: Station | undefined }) {
  const { name, state, address, remark } = station;
  return (
    <li aria-label={words.hop(name, state)} className="flex min-w-0 items-center">
      {before && (
        <span
          aria-hidden="true"
          className={cx("w-6 shrink-0 border-t-2", LINKS[linkState(before, station)])}
        />
      )}
      <div
        className={cx(
          "min-w-24 max-w-56 rounded-card border bg-panel px-2.5 py-2",
          state === "down" && "border-err/50!",
        )}
      >
        <p className="flex items-center gap-1.5">
          <Dot tone={TONES[state]} />
          <span className="truncate font-[550]" title={name}>
            {name}
          </span>
        </p>
        <p className="flex min-w-0">
          {/[:/@.]/.test(address) ? (
            <CopyText text={address} className="text-fg-2" />
          ) : (
            <span className="font-mono text-fg-2">{address}</span>
          )}
        </p>
        <p className="truncate text-fg-3 tabular-nums">{remark}</p>
      </div>
    </li>
  );
}
