import { useNow } from "@/app/clock";
import { formatMoment } from "@/components";
import type { TunnelError } from "@/ipc";
import { messages } from "@/messages";
import { PastTable } from "./PastTable";

const { detail: words } = messages.tunnels;
const COLUMNS = [
  { title: words.columns.at },
  { title: words.columns.error },
  { title: words.columns.count, isRight: true },
];

/** What went wrong, newest first; the same thing in a row is one line. */
export function Errors({ errors }: { errors: readonly TunnelError[] }) {
  const now = useNow(60_000);
  return (
    <PastTable
      label={words.tabs.errors}
      grid="grid-cols-[96px_minmax(0,1fr)_72px]"
      columns={COLUMNS}
      rows={errors}
      none={words.noErrors}
      cells={({ at, failure, count }) => [
        <span key="at" className="text-fg-2 tabular-nums">
          {formatMoment(at, now)}
        </span>,
        <span key="what" title={failure.detail ?? failure.message} data-selectable>
          {messages.sentence(failure.message)}{" "}
          {failure.hint && <span className="text-fg-3">{messages.sentence(failure.hint)}</span>}
        </span>,
        <span key="count" className="text-fg-2 tabular-nums">
          {words.count(count)}
        </span>,
      ]}
    />
  );
}
