import { useState } from "react";
import { useOrder } from "@/app/order";
import { useLab } from "@/app/store";
import { showToast } from "@/app/toasts";
import { Button, Dialog, ErrorBox, Field, formatMoment, Input, Segments, Select } from "@/components";
import { type Done, type LabRef, type LabView, labAutoStop } from "@/ipc";
import { messages } from "@/messages";

const words = messages.labs.autoStop;
export const HOURS = [1, 2, 4, 8, 12, 24];

/** When a lab is stopped by itself. */
export function AutoStopDialog({ lab, onClose }: { lab: LabRef; onClose: () => void }) {
  const view = useLab(lab);
  return view ? <Content view={view} onClose={onClose} /> : null;
}

/** The next time that the clock shows this; null for what is no time. */
export function nextTime(text: string, now: number): number | null {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59) return null;
  const at = new Date(now);
  at.setHours(Number(hours), Number(minutes), 0, 0);
  if (at.getTime() <= now) at.setDate(at.getDate() + 1);
  return at.getTime();
}

function Content({ view, onClose }: { view: LabView; onClose: () => void }) {
  const {
    lab_ref: lab,
    lab: { name },
    auto_stop,
  } = view;
  const [way, setWay] = useState<"after" | "at">(auto_stop?.after_minutes === null ? "at" : "after");
  const [hours, setHours] = useState(String((auto_stop?.after_minutes ?? 480) / 60));
  const [time, setTime] = useState("19:00");
  const at = nextTime(time, Date.now());
  const order = useOrder<Done>(() => {
    const when = way === "at" ? (at ?? 0) : Date.now() + Number(hours) * 3_600_000;
    const text = messages.labs.notices.autoStop(name, formatMoment(when, Date.now()));
    showToast({ id: "auto-stop", tone: "ok", text, expiresMs: 5000 });
    onClose();
  });
  const submit = () => {
    if (way === "after") order.send(labAutoStop({ lab, at: null, after_minutes: Number(hours) * 60 }));
    else if (at !== null) order.send(labAutoStop({ lab, at, after_minutes: null }));
  };
  const choices = [...new Set([...HOURS.map(String), hours])];
  return (
    <Dialog
      title={words.title(name)}
      lead={words.lead}
      onClose={onClose}
      onSubmit={submit}
      width={420}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={order.isBusy || (way === "at" && at === null)}>
            {words.submit}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3.5">
        {order.failure && <ErrorBox failure={order.failure} />}
        <Segments
          wide
          label={words.how}
          value={way}
          onChange={setWay}
          segments={[
            { value: "after", label: words.after },
            { value: "at", label: words.at },
          ]}
        />
        {way === "after" ? (
          <Select
            aria-label={words.after}
            value={hours}
            onChange={setHours}
            options={choices.map((value) => ({ value, label: words.hours(Number(value)) }))}
          />
        ) : (
          <Field label={words.time} help={words.timeHelp} error={at === null ? words.wrong(time) : null}>
            {(control) => (
              <Input {...control} mono value={time} onChange={(event) => setTime(event.target.value)} />
            )}
          </Field>
        )}
      </div>
    </Dialog>
  );
}
