/* A tunnel typed in one line: what it would do stands below while it is typed, Enter makes it. */
import { Cable, CircleAlert, ShieldAlert } from "lucide-react";
import { type KeyboardEvent, type MouseEvent, type RefObject, useId, useState } from "react";
import { createTunnel } from "@/app/tunnel-operations";
import { pointText, sentenceOf } from "@/app/tunnels";
import { cx, Input, Kbd } from "@/components";
import { type AppError, type TunnelReading, toFailure, tunnelRead } from "@/ipc";
import { messages } from "@/messages";
import { type Completion, completions } from "./completion";
import { useReading } from "./useReading";
import { useWays } from "./useWays";

const words = messages.tunnels.line;

/** A press beside the field leaves the focus in it. */
const keepFocus = (event: MouseEvent) => event.preventDefault();

interface TypedLineProps {
  field: RefObject<HTMLInputElement | null>;
  value: string;
  onChange: (value: string) => void;
  /** Where Escape leads from the empty field. */
  onLeave: () => void;
}

export function TypedLine({ field, value, onChange, onLeave }: TypedLineProps) {
  const id = useId();
  const ways = useWays();
  const line = value.trim();
  const { reading, failure, isCurrent } = useReading(line);
  const [hasFocus, setFocus] = useState(false);
  const [active, setActive] = useState(-1);
  const [isCreating, setCreating] = useState(false);
  const [refused, setRefused] = useState<AppError | null>(null);
  const offered = hasFocus ? completions(value, ways ?? []) : [];
  const isOpen = hasFocus;

  const change = (next: string) => {
    setActive(-1);
    setRefused(null);
    onChange(next);
  };
  const create = async () => {
    if (line === "" || isCreating) return;
    setCreating(true);
    setRefused(null);
    try {
      const { input } = await tunnelRead({ line });
      if (!input) return;
      await createTunnel(input);
      change("");
    } catch (thrown) {
      setRefused(toFailure(thrown));
    } finally {
      setCreating(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const instead = isCurrent && offered.length === 0 ? reading?.problem?.suggestion : null;
    const chosen = offered[active] ?? (event.key === "Tab" && !event.shiftKey ? offered[0] : undefined);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (offered.length === 0) return;
      // Round and round, with the field itself between the last and the first.
      const places = offered.length + 1;
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive(((active + 1 + step + places) % places) - 1);
    } else if ((event.key === "Enter" || event.key === "Tab") && chosen) change(chosen.line);
    else if (event.key === "Tab" && !event.shiftKey && instead) change(instead);
    else if (event.key === "Enter") void create();
    else if (event.key === "Escape") {
      if (value === "") onLeave();
      else change("");
    } else return;
    event.preventDefault();
  };
  return (
    <div className="relative w-82.5 shrink mid:w-64">
      <Input
        ref={field}
        mono
        inputSize="control"
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-describedby={`${id}-says`}
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        aria-autocomplete="list"
        aria-label={words.label}
        placeholder={words.placeholder}
        value={value}
        after={<Kbd keys={[line === "" ? "N" : "Enter"]} />}
        onChange={(event) => change(event.target.value)}
        onKeyDown={onKeyDown}
        onFocus={() => setFocus(true)}
        onBlur={() => setFocus(false)}
      />
      <div
        className={cx(
          "absolute top-full left-0 z-30 mt-1.5 w-max min-w-full max-w-150 rounded-card border border-line-strong bg-raise p-1 shadow-float",
          !isOpen && "hidden",
        )}
      >
        <div id={`${id}-says`} role="status" className="px-2 py-1.5">
          {isOpen &&
            (line === "" ? (
              <Examples way={ways?.[0]?.name} onUse={change} />
            ) : (
              <Says
                {...{ reading, isCurrent, isCreating }}
                refused={refused ?? failure}
                isChoosing={offered.length > 0}
                onUse={change}
              />
            ))}
        </div>
        <div id={`${id}-list`} role="listbox" aria-label={words.ways} className="empty:hidden">
          {offered.map((one, index) => (
            <Way
              key={one.way.name}
              id={`${id}-${index}`}
              offered={one}
              isActive={index === active}
              onPoint={() => setActive(index)}
              onTake={() => change(one.line)}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface SaysProps {
  /** A host is about to be chosen below. */
  isChoosing: boolean;
  reading: TunnelReading | null;
  isCurrent: boolean;
  isCreating: boolean;
  refused: AppError | null;
  onUse: (line: string) => void;
}

/** What the line means, or what is wrong with it and a line that works. */
function Says({ reading, isCurrent, isCreating, refused, isChoosing, onUse }: SaysProps) {
  if (refused)
    return (
      <p className="flex gap-2">
        <CircleAlert className="mt-0.5 text-err" />
        <span>
          {messages.sentence(refused.message)}
          {refused.hint && <span className="text-fg-2"> {messages.sentence(refused.hint)}</span>}
        </span>
      </p>
    );
  const input = reading?.input;
  if (input)
    return (
      <div className="flex flex-col gap-1">
        <p className={cx("flex items-center gap-2", !isCurrent && "text-fg-3")}>
          <Cable className="text-accent" />
          <span className="min-w-0 grow">{sentenceOf(input.route, reading.through_name ?? "")}</span>
          <span className="text-fg-3">{isCreating ? words.creating : words.create}</span>
        </p>
        {input.options.may_be_exposed && (
          <p className="flex gap-2 text-warn">
            <ShieldAlert className="mt-0.5" />
            <span>{messages.tunnels.form.exposedWarning(pointText(input.route.listen))}</span>
          </p>
        )}
      </div>
    );
  if (isChoosing) return <p className="text-fg-3">{words.choose}</p>;
  const problem = reading?.problem;
  if (!problem) return <p className="text-fg-3">{words.reading}</p>;
  const { suggestion } = problem;
  return (
    <div className="flex gap-2">
      <CircleAlert className="mt-0.5 text-fg-3" />
      <div className="min-w-0">
        <p>{messages.sentence(problem.message)}</p>
        {suggestion && (
          <p className="flex items-center gap-2">
            <button
              type="button"
              tabIndex={-1}
              onMouseDown={keepFocus}
              onClick={() => onUse(suggestion)}
              className="rounded-control text-left text-accent hover:underline"
            >
              {words.use(suggestion)}
            </button>
            <Kbd keys={["Tab"]} />
          </p>
        )}
      </div>
    </div>
  );
}

/** What can be typed, for those who have not done it yet. */
function Examples({
  way = words.someWay,
  onUse,
}: {
  way: string | undefined;
  onUse: (line: string) => void;
}) {
  return (
    <ul className="flex flex-col gap-1">
      {words.examples(way).map(([line, text]) => (
        <li key={line} className="flex items-baseline justify-between gap-5">
          <button
            type="button"
            tabIndex={-1}
            onMouseDown={keepFocus}
            onClick={() => onUse(line)}
            className="shrink-0 rounded-control font-mono text-accent hover:underline"
          >
            {line}
          </button>
          <span className="truncate text-fg-3">{text}</span>
        </li>
      ))}
      <li className="text-fg-3">{words.paste}</li>
    </ul>
  );
}

interface WayProps {
  id: string;
  offered: Completion;
  isActive: boolean;
  onPoint: () => void;
  onTake: () => void;
}

function Way({ id, offered: { way }, isActive, onPoint, onTake }: WayProps) {
  return (
    <div
      role="option"
      id={id}
      aria-selected={isActive}
      tabIndex={-1}
      onMouseDown={keepFocus}
      onMouseMove={onPoint}
      onClick={onTake}
      className={cx(
        "flex h-7.5 items-center justify-between gap-4 rounded-control px-2",
        isActive && "bg-selected",
      )}
    >
      <span className="truncate font-mono">{way.name}</span>
      <span className="truncate font-mono text-fg-3">{way.address}</span>
    </div>
  );
}
