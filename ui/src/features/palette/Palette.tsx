/* The command palette: everything that can be done or shown, found by typing a part of its name. */
import { Dialog as Base } from "@base-ui/react/dialog";
import { ChevronRight, Search } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useMemo, useRef, useState } from "react";
import { matchesShortcut, shortcutKeys, useActions } from "@/app/actions";
import { closePalette, type PaletteItem, used, usePalette } from "@/app/palette";
import { useCore } from "@/app/store";
import { cx, Kbd, nextRow } from "@/components";
import { messages } from "@/messages";
import { type Found, searcher } from "./find";

const words = messages.palette;

/** Drawn while the palette is open. */
export function PaletteLayer() {
  const isOpen = usePalette((state) => state.isOpen);
  return isOpen ? <Palette /> : null;
}

function Palette() {
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const before = useRef(document.activeElement);
  const hasRun = useRef(false);
  const find = useFind();
  const found = useMemo(() => find(query), [find, query]);
  const current = Math.min(active, found.length - 1);

  const run = (item: PaletteItem) => {
    hasRun.current = true;
    used(item.id);
    closePalette();
    item.run();
    // What was run may have moved the focus; if it did not, it goes back to where it was.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body && before.current instanceof HTMLElement)
        before.current.focus();
    });
  };
  useEffect(() => {
    list.current?.querySelector(`[data-index="${current}"]`)?.scrollIntoView?.({ block: "nearest" });
  }, [current]);
  const onKeyDown = (event: KeyboardEvent) => {
    const key = moveKey(event);
    const next = key && nextRow(key, current, found.length);
    if (event.key === "Enter") {
      event.preventDefault();
      const chosen = found[current];
      if (chosen) run(chosen.item);
    } else if (next !== null && next !== "") {
      event.preventDefault();
      setActive(wrapped(key, current, next, found.length));
    } else if (matchesShortcut(event.nativeEvent, "Mod+K")) {
      event.preventDefault();
      closePalette();
    }
  };
  return (
    <Base.Root open onOpenChange={(isOpen) => !isOpen && closePalette()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-shade" />
        <Base.Popup
          aria-label={words.title}
          finalFocus={() => !hasRun.current}
          className="fixed top-[min(110px,12vh)] left-1/2 z-40 flex max-h-[min(420px,70vh)] w-150 max-w-[calc(100vw-48px)] -translate-x-1/2 flex-col overflow-hidden rounded-dialog border border-line-strong bg-raise shadow-float outline-none"
        >
          <div className="flex h-12 shrink-0 items-center gap-2.5 border-b px-4.5">
            <Search className="text-fg-3" />
            <input
              role="combobox"
              aria-expanded
              aria-controls={`${id}-list`}
              aria-activedescendant={found.length > 0 ? `${id}-${current}` : undefined}
              aria-label={words.placeholder}
              placeholder={words.placeholder}
              spellCheck={false}
              autoComplete="off"
              className="h-full min-w-0 grow bg-transparent text-title outline-none!"
              value={query}
              onChange={(event) => {
                setQuery(event.target.value);
                setActive(0);
              }}
              onKeyDown={onKeyDown}
            />
          </div>
          <div
            ref={list}
            id={`${id}-list`}
            role="listbox"
            aria-label={words.results}
            className="overflow-y-auto p-1.5 empty:hidden"
          >
            {found.map((one, index) => (
              <Row
                key={one.item.id}
                id={`${id}-${index}`}
                index={index}
                found={one}
                isActive={index === current}
                onPoint={() => setActive(index)}
                onRun={() => run(one.item)}
              />
            ))}
          </div>
          {found.length === 0 && <p className="px-4.5 py-3 text-fg-3">{words.nothing(query)}</p>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

interface RowProps {
  id: string;
  index: number;
  found: Found;
  isActive: boolean;
  onPoint: () => void;
  onRun: () => void;
}

function Row({ id, index, found: { item, at }, isActive, onPoint, onRun }: RowProps) {
  return (
    <div
      role="option"
      id={id}
      data-index={index}
      aria-selected={isActive}
      tabIndex={-1}
      onMouseMove={onPoint}
      onClick={onRun}
      className={cx("flex h-9 items-center gap-2.5 rounded-control px-2.5", isActive && "bg-selected")}
    >
      <span className={cx("flex w-4 shrink-0 [&_svg]:size-3.5", isActive ? "text-accent" : "text-fg-2")}>
        {item.icon ?? <ChevronRight />}
      </span>
      <span className="shrink-0 truncate">
        {[...item.title].map((letter, place) =>
          at.has(place) ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: letters have no other identity and never move
            <strong key={place} className="font-semibold text-accent">
              {letter}
            </strong>
          ) : (
            letter
          ),
        )}
      </span>
      {item.detail && <span className="min-w-0 truncate text-fg-3">{item.detail}</span>}
      <span className="ml-auto flex shrink-0 gap-1.5">
        {item.shortcut && <Kbd keys={shortcutKeys(item.shortcut)} />}
        {isActive && <Kbd keys={["Enter"]} />}
      </span>
    </div>
  );
}

/** Keys that move, also those of a shell's history; Home and End stay with the text. */
function moveKey({ key, ctrlKey }: KeyboardEvent): string {
  if (ctrlKey) return { n: "ArrowDown", p: "ArrowUp" }[key.toLowerCase()] ?? "";
  return ["ArrowDown", "ArrowUp", "PageDown", "PageUp"].includes(key) ? key : "";
}

/** One step beyond an end leads to the other end. */
function wrapped(key: string, from: number, next: number, count: number): number {
  if (next !== from) return next;
  if (key === "ArrowDown") return 0;
  return key === "ArrowUp" ? count - 1 : next;
}

/** Answers queries over everything there is now. */
function useFind() {
  const sources = usePalette((state) => state.sources);
  const recent = usePalette((state) => state.recent);
  const actions = useActions((state) => state.actions);
  // Events may come in floods; typing comes first.
  const core = useDeferredValue(useCore());
  return useMemo(() => {
    // Sources read the state themselves: it is named here because it decides what they find.
    void core;
    const own = Object.values(actions)
      .filter(({ id, when }) => id !== "palette.open" && when?.() !== false)
      .map(
        ({ id, title, icon, shortcut, run }): PaletteItem => ({
          id,
          title: id.startsWith("go.") ? words.goTo(title) : title,
          run,
          ...(icon ? { icon } : {}),
          ...(shortcut ? { shortcut } : {}),
        }),
      );
    return searcher([...own, ...sources.flatMap((source) => source())], recent);
  }, [actions, sources, recent, core]);
}
