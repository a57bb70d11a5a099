import { CircleArrowUp } from "lucide-react";
import { useNow } from "@/app/clock";
import { attempt } from "@/app/operations";
import { useCore } from "@/app/store";
import { Button, ErrorBox, formatBytes, formatMoment, Switch } from "@/components";
import { type UpdateState, updateCheck, updateInstall } from "@/ipc";
import { messages } from "@/messages";
import { row, type SettingsSection } from "../frame";
import type { useSettings } from "../useSettings";

const words = messages.settings.updates;

export function useUpdates({ settings, change }: ReturnType<typeof useSettings>): SettingsSection {
  const update = useCore((state) => state.update);
  const info = useCore((state) => state.info);
  const section = { id: "updates", title: words.title, icon: <CircleArrowUp /> };
  if (!settings || !info?.is_desktop) return { ...section, rows: [] };
  const isPossible = update.at !== "unsupported";
  const canAsk =
    update.at === "unasked" || update.at === "current" || update.at === "failed" || update.at === "available";
  const rows = [
    row({
      id: "state",
      label: words.version(info.version),
      control: () => canAsk && <Button onClick={() => void attempt(updateCheck())}>{words.now}</Button>,
      below: <State update={update} />,
    }),
    row({
      id: "check",
      label: words.check,
      help: words.checkHelp,
      control: (control) => (
        <Switch
          {...control}
          disabled={!isPossible}
          checked={isPossible && settings.check_for_updates}
          onChange={(check_for_updates) => change({ check_for_updates })}
        />
      ),
    }),
  ];
  return { ...section, rows };
}

function State({ update }: { update: UpdateState }) {
  const now = useNow();
  switch (update.at) {
    case "unsupported":
      return <p className="text-fg-2">{words.unsupported}</p>;
    case "off":
      return <p className="text-fg-2">{words.off}</p>;
    case "unasked":
      return <p className="text-fg-2">{words.unasked}</p>;
    case "checking":
      return (
        <p role="status" className="text-fg-2">
          {words.checking}
        </p>
      );
    case "current":
      return (
        <p role="status" className="text-fg-2">
          {words.current(formatMoment(update.checked_at, now))}
        </p>
      );
    case "available":
      return <Offer update={update} />;
    case "installing":
      return <Installing update={update} />;
    case "failed":
      return <ErrorBox failure={update.failure} tone="warn" onRetry={() => void attempt(updateCheck())} />;
  }
}

function Offer({ update: { offer } }: { update: Extract<UpdateState, { at: "available" }> }) {
  const running = useCore(
    (state) => Object.values(state.runs).filter(({ status }) => status === "running").length,
  );
  return (
    <section aria-label={words.available(offer.version)} className="rounded-card border bg-panel">
      <div className="flex items-center justify-between gap-4 border-b px-3 py-2.5">
        <div>
          <h3 className="font-semibold">{words.available(offer.version)}</h3>
          <p className="text-fg-2">{running > 0 ? words.interrupts(running) : words.later}</p>
        </div>
        <Button tone="main" onClick={() => void attempt(updateInstall())}>
          {words.install}
        </Button>
      </div>
      <div className="p-3">
        <h4 className="mb-1 text-fg-2">{words.changes}</h4>
        <p className="max-h-64 overflow-y-auto whitespace-pre-wrap">{offer.notes ?? words.noNotes}</p>
      </div>
    </section>
  );
}

function Installing({ update }: { update: Extract<UpdateState, { at: "installing" }> }) {
  const { offer, done_bytes: done, total_bytes: total } = update;
  const text = words.progress(formatBytes(done), total === null ? null : formatBytes(total));
  return (
    <div role="status" className="flex flex-col gap-1.5">
      <p>
        {words.installing(offer.version)} <span className="text-fg-2">{text}</span>
      </p>
      <progress
        aria-label={words.installing(offer.version)}
        className="h-1.5 w-full"
        {...(total === null ? {} : { value: done, max: total })}
      />
    </div>
  );
}
