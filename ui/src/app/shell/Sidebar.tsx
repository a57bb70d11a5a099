import { Plus, Search } from "lucide-react";
import type { ReactNode } from "react";
import { shortcutKeys } from "@/app/actions";
import { useNow } from "@/app/clock";
import { openDialog } from "@/app/dialogs";
import { useNarrow } from "@/app/narrow";
import { goTo, paths } from "@/app/navigation";
import { openPalette } from "@/app/palette";
import { connectionRemark, connectionStatus } from "@/app/status";
import { useCore } from "@/app/store";
import { cx, Dot, IconButton, Kbd, Tooltip } from "@/components";
import type { ConnectionView } from "@/ipc";
import { messages } from "@/messages";
import { Mark } from "./Mark";
import { PAGES, type Page } from "./pages";

const words = messages.shell;

/** Pages at the top and bottom, connections between; only icons below 1000 px. */
export function Sidebar({ path, bell }: { path: string; bell: ReactNode }) {
  const isNarrow = useNarrow();
  return (
    <aside
      aria-label={messages.product}
      className="flex w-56 shrink-0 flex-col gap-4 border-r bg-side p-2 narrow:w-13 narrow:items-center"
    >
      <div className="flex h-9 items-center gap-2.5 px-2 narrow:px-0">
        <Mark />
        <span className="grow font-semibold text-[14px] narrow:hidden">{messages.product}</span>
        <span className="-mr-1 narrow:hidden">{!isNarrow && bell}</span>
      </div>
      <div className="flex flex-col gap-2.5">
        {isNarrow && bell}
        <FindButton />
        <Pages path={path} label={words.pages} place="top" />
      </div>
      <ConnectionList path={path} />
      <Pages path={path} label={words.setUp} place="bottom" className="mt-auto" />
    </aside>
  );
}

/** Opens the palette; looks like the field it becomes. */
function FindButton() {
  const keys = shortcutKeys("Mod+K");
  return (
    <button
      type="button"
      onClick={openPalette}
      title={messages.palette.title}
      className="eased flex h-7.5 items-center gap-2.5 rounded-control border border-line-strong bg-raise px-2.5 text-fg-3 hover:text-fg narrow:w-9 narrow:justify-center narrow:border-transparent narrow:bg-transparent narrow:px-0"
    >
      <Search className="size-3.5!" />
      <span className="grow text-left narrow:sr-only">{messages.palette.open}</span>
      <span className="narrow:hidden">
        <Kbd keys={keys} />
      </span>
    </button>
  );
}

interface PagesProps {
  path: string;
  label: string;
  place: Page["place"];
  className?: string;
}

function Pages({ path, label, place, className }: PagesProps) {
  return (
    <nav aria-label={label} className={cx("flex flex-col gap-px", className)}>
      {PAGES.filter((page) => page.place === place).map((page) => (
        <NavItem key={page.id} path={path} page={page} />
      ))}
    </nav>
  );
}

const ROW =
  "eased flex w-full items-center gap-2.5 rounded-control px-2.5 text-left narrow:w-9 narrow:justify-center narrow:px-0";

function NavItem({ path, page }: { path: string; page: Page }) {
  const { path: to, icon, label } = page;
  const count = useCore((state) => page.count?.(state) ?? 0);
  const isHere = path === to || (path.startsWith(`${to}/`) && to !== paths.connections());
  return (
    <a
      href={`#${to}`}
      title={label}
      aria-current={isHere ? "page" : undefined}
      className={cx(
        ROW,
        "h-7.5",
        isHere ? "bg-selected font-[550] text-fg [&_svg]:text-accent" : "text-fg-2 hover:bg-hover",
      )}
    >
      {icon}
      <span className="grow narrow:sr-only">{label}</span>
      {count > 0 && <span className="text-fg-3 text-small tabular-nums narrow:sr-only">{count}</span>}
    </a>
  );
}

function ConnectionList({ path }: { path: string }) {
  const connections = useCore((state) => state.connections);
  return (
    <section aria-label={words.connections} className="flex min-h-0 flex-col gap-px">
      <div className="flex h-6 items-center px-2.5 text-fg-3 text-status narrow:hidden">
        <h2 className="grow font-[550]">{words.connections}</h2>
        {connections.length > 0 && <span>{connections.length}</span>}
        <IconButton
          label={messages.connections.add}
          icon={<Plus className="size-3.5!" />}
          onClick={() => openDialog({ dialog: "add-connection" })}
          className="-mr-1.5 ml-1 h-5 w-5!"
        />
      </div>
      <ul className="min-h-0 overflow-y-auto">
        {connections.map((view) => (
          <li key={view.connection.id}>
            <ConnectionItem view={view} isHere={path === paths.connection(view.connection.id)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function ConnectionItem({ view, isHere }: { view: ConnectionView; isHere: boolean }) {
  const now = useNow();
  const { id, name } = view.connection;
  const { tone, word } = connectionStatus(view.state, now);
  const remark = connectionRemark(view.state, now);
  return (
    <Tooltip text={`${name}: ${word}`}>
      <button
        type="button"
        aria-current={isHere ? "page" : undefined}
        onClick={() => goTo(paths.connection(id))}
        className={cx(
          ROW,
          "h-7.25 gap-2 px-[9px]",
          isHere ? "bg-selected text-fg" : "text-fg-2 hover:bg-hover",
        )}
      >
        <Dot tone={tone} />
        <span className="min-w-0 grow truncate narrow:sr-only">{name}</span>
        <span className="sr-only">{word}</span>
        <span className="text-fg-3 text-status tabular-nums narrow:hidden">{remark}</span>
      </button>
    </Tooltip>
  );
}
