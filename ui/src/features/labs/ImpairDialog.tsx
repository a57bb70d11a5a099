import { useState } from "react";
import { useOrder } from "@/app/order";
import { showToast } from "@/app/toasts";
import { Button, Dialog, ErrorBox, Field, Input } from "@/components";
import { type Impairment, type LabRef, type LinkEnd, labImpair } from "@/ipc";
import { messages } from "@/messages";
import { endText } from "./graph/lines";
import { GOOD } from "./link-menu";

const words = messages.labGraph.impairment;

type Name = keyof typeof GOOD;

const FIELDS: readonly { name: Name; label: string; unit: string; most: number | null }[] = [
  { name: "delay_ms", label: words.delay, unit: words.ms, most: null },
  { name: "jitter_ms", label: words.jitter, unit: words.ms, most: null },
  { name: "loss_percent", label: words.loss, unit: words.percent, most: 100 },
  { name: "corruption_percent", label: words.corruption, unit: words.percent, most: 100 },
  { name: "rate_kbit", label: words.rate, unit: words.kbit, most: null },
];

const numberOf = (text: string): number | null => (text.trim() === "" ? null : Number(text));

function problemOf(text: string, most: number | null): string | null {
  const value = numberOf(text);
  if (value === null) return null;
  return value >= 0 && value <= (most ?? Number.MAX_SAFE_INTEGER) ? null : words.wrong(text, most);
}

/** How bad an interface shall be. */
export function ImpairDialog(props: {
  lab: LabRef;
  end: LinkEnd;
  now: Impairment | null;
  onDone: () => void;
  onClose: () => void;
}) {
  const { lab, end, now, onClose } = props;
  const { node, interface: own } = end;
  const [texts, setTexts] = useState<Record<Name, string>>(() => textsOf(now));
  const [isTried, setTried] = useState(false);
  const order = useOrder(() => {
    props.onDone();
    showToast({ id: "impair", tone: "ok", text: messages.labs.notices.worse(node, own), expiresMs: 3000 });
    onClose();
  });
  const isEmpty = FIELDS.every(({ name }) => texts[name].trim() === "");
  const isWrong = FIELDS.some(({ name, most }) => problemOf(texts[name], most) !== null);
  const send = (values: Omit<Impairment, "node" | "interface">) =>
    order.send(labImpair({ lab, impairment: { node, interface: own, ...values } }));
  const submit = () => {
    setTried(true);
    if (isEmpty || isWrong) return;
    send({
      delay_ms: numberOf(texts.delay_ms),
      jitter_ms: numberOf(texts.jitter_ms),
      loss_percent: numberOf(texts.loss_percent),
      corruption_percent: numberOf(texts.corruption_percent),
      rate_kbit: numberOf(texts.rate_kbit),
    });
  };
  return (
    <Dialog
      title={words.title(endText(end))}
      lead={words.lead}
      onClose={onClose}
      onSubmit={submit}
      width={420}
      footerStart={
        <Button
          title={words.cutHelp}
          disabled={order.isBusy}
          onClick={() => send({ ...GOOD, loss_percent: 100 })}
        >
          {words.cut}
        </Button>
      }
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={order.isBusy}>
            {words.submit}
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-2 gap-3.5">
        {FIELDS.map(({ name, label, unit, most }, at) => (
          <Field
            key={name}
            label={label}
            error={problemOf(texts[name], most) ?? (isTried && isEmpty && at === 0 ? words.nothing : null)}
          >
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                value={texts[name]}
                onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
                after={<span className="shrink-0 text-fg-3">{unit}</span>}
              />
            )}
          </Field>
        ))}
      </div>
      {order.failure && <ErrorBox failure={order.failure} className="mt-3" />}
    </Dialog>
  );
}

function textsOf(now: Impairment | null): Record<Name, string> {
  const text = (name: Name) => (now?.[name] ?? "").toString();
  return {
    delay_ms: text("delay_ms"),
    jitter_ms: text("jitter_ms"),
    loss_percent: text("loss_percent"),
    rate_kbit: text("rate_kbit"),
    corruption_percent: text("corruption_percent"),
  };
}
