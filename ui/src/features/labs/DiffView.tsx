import { useMemo, useState } from "react";
import { cx } from "@/components";
import { messages } from "@/messages";
import { type DiffRow, diffRows, type Part, paired, partsOf } from "./diff";

const words = messages.labFiles.diff;

export type DiffLook = "unified" | "split";

/** What changed between two texts. */
export function DiffView({
  before,
  after,
  look,
  label,
}: {
  before: string;
  after: string;
  look: DiffLook;
  label: string;
}) {
  const rows = useMemo(() => diffRows(before, after), [before, after]);
  const parts = useMemo(() => partsOf(rows), [rows]);
  const isSame = rows.every(({ kind }) => kind === "same");
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
      tabIndex={0}
      aria-label={label}
      data-selectable
      className="min-h-0 grow overflow-auto py-2 font-mono leading-5 -outline-offset-2!"
    >
      {isSame && <p className="px-4 pb-2 font-sans text-body text-fg-2">{words.same}</p>}
      {parts.map((part, at) =>
        part.isFolded && !isSame ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of two texts keep their order
          <FoldedLines key={at} part={part} look={look} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of two texts keep their order
          <Lines key={at} rows={part.rows} look={look} />
        ),
      )}
    </section>
  );
}

function FoldedLines({ part, look }: { part: Part; look: DiffLook }) {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return <Lines rows={part.rows} look={look} />;
  return (
    <button
      type="button"
      onClick={() => setOpen(true)}
      className="my-1 w-full bg-panel px-4 py-0.5 text-left font-sans text-fg-3 text-small hover:bg-hover hover:text-fg"
    >
      {words.folded(part.rows.length)}
    </button>
  );
}

function Lines({ rows, look }: { rows: readonly DiffRow[]; look: DiffLook }) {
  if (look === "unified") return rows.map((row) => <Line key={keyOf(row)} row={row} />);
  return paired(rows).map(({ left, right }) => (
    <div key={`${left && keyOf(left)}|${right && keyOf(right)}`} className="grid grid-cols-2">
      <Half row={left} side="before" />
      <Half row={right} side="after" />
    </div>
  ));
}

const keyOf = ({ before, after }: DiffRow) => `${before}:${after}`;
const SIGN = { same: " ", added: "+", removed: "−" };
const LOOK = { same: "", added: "bg-ok/12", removed: "bg-err/12" };

function Line({ row }: { row: DiffRow }) {
  return (
    <div className={cx("flex", LOOK[row.kind])}>
      <LineNumber value={row.before} />
      <LineNumber value={row.after} />
      <Sign kind={row.kind} />
      <span className="whitespace-pre pr-4">{row.text || " "}</span>
    </div>
  );
}

function Half({ row, side }: { row: DiffRow | null; side: "before" | "after" }) {
  return (
    <div className={cx("flex min-w-0 border-r last:border-r-0", row ? LOOK[row.kind] : "bg-panel")}>
      <LineNumber value={row?.[side] ?? null} />
      {row && <Sign kind={row.kind} />}
      <span className="whitespace-pre-wrap break-all pr-3">{row ? row.text || " " : ""}</span>
    </div>
  );
}

const LineNumber = ({ value }: { value: number | null }) => (
  <span aria-hidden className="w-10 shrink-0 select-none pr-2 text-right text-fg-3">
    {value}
  </span>
);

function Sign({ kind }: { kind: DiffRow["kind"] }) {
  return (
    <span
      className={cx(
        "w-5 shrink-0 select-none text-center",
        kind === "added" && "text-ok",
        kind === "removed" && "text-err",
      )}
    >
      <span aria-hidden>{SIGN[kind]}</span>
      {kind !== "same" && <span className="sr-only">{words[kind]}</span>}
    </span>
  );
}
