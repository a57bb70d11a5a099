import { type Action, isShadowed, shortcutKeys, useActions } from "@/app/actions";
import { Dialog, Kbd } from "@/components";
import { messages } from "@/messages";

const words = messages.shell.shortcuts;

type Row = readonly [title: string, keys: readonly (readonly string[])[]];

/** Every shortcut that works now, read from the registry; below, what lists answer to. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const actions = Object.values(useActions((state) => state.actions));
  const pages = actions.filter(({ id }) => id.startsWith("go."));
  const others = actions.filter((action) => !pages.includes(action) && !isShadowed(action, actions));
  return (
    <Dialog title={words.title} onClose={onClose} width={720}>
      <div className="grid grid-cols-2 gap-x-10 gap-y-4">
        <Group title={words.everywhere} rows={others.flatMap(rowOf)} />
        <div className="flex flex-col gap-4">
          <Group title={words.pages} rows={pages.flatMap(rowOf)} />
          <Group title={words.list} rows={LIST} />
        </div>
      </div>
    </Dialog>
  );
}

const LIST: readonly Row[] = [
  [words.move, [["↑"], ["↓"]]],
  [words.open, [["Enter"]]],
  [words.menu, [["Shift", "F10"]]],
  [words.select, [["Space"]]],
  [
    words.selectRange,
    [
      ["Shift", "↑"],
      ["Shift", "↓"],
    ],
  ],
  [words.selectAll, [shortcutKeys("Mod+A")]],
  [words.close, [["Esc"]]],
];

function rowOf({ title, shortcut, also = [] }: Action): Row[] {
  const keys = [...(shortcut ? [shortcut] : []), ...also].map(shortcutKeys);
  return keys.length > 0 ? [[title, keys]] : [];
}

function Group({ title, rows }: { title: string; rows: readonly Row[] }) {
  return (
    <section aria-label={title}>
      <h3 className="mb-1.5 font-semibold">{title}</h3>
      <dl className="grid grid-cols-[1fr_auto] gap-y-1.5">
        {rows.map(([name, keys]) => (
          <div key={name} className="contents">
            <dt className="text-fg-2">{name}</dt>
            <dd className="flex justify-end gap-1">
              {keys.map((one) => (
                <Kbd key={one.join("+")} keys={[...one]} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
