import { shortcutKeys, useActions } from "@/app/actions";
import { Dialog, Kbd } from "@/components";
import { messages } from "@/messages";

const words = messages.shell.shortcuts;

/** Every shortcut that works now, read from the registry. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const actions = useActions((state) => state.actions);
  const rows = Object.values(actions).flatMap(({ title, shortcut }) =>
    shortcut ? [{ title, shortcut }] : [],
  );
  return (
    <Dialog title={words.title} onClose={onClose} width={400}>
      <Rows rows={rows.map(({ title, shortcut }) => [title, shortcutKeys(shortcut)])} />
      <h3 className="mt-4 mb-1 font-semibold">{words.list}</h3>
      <Rows
        rows={[
          [words.move, ["↑", "↓"]],
          [words.open, ["Enter"]],
          [words.menu, ["Shift", "F10"]],
          [words.close, ["Esc"]],
        ]}
      />
    </Dialog>
  );
}

function Rows({ rows }: { rows: [string, string[]][] }) {
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-y-1.5">
      {rows.map(([title, keys]) => (
        <div key={title} className="contents">
          <dt className="text-fg-2">{title}</dt>
          <dd>
            <Kbd keys={keys} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
