import { ContextMenu as BaseContext } from "@base-ui/react/context-menu";
import { Menu as Base } from "@base-ui/react/menu";
import { ChevronRight } from "lucide-react";
import { Fragment, type ReactElement, type ReactNode } from "react";
import { cx } from "./cx";
import { useFloatContainer } from "./float";
import { Kbd } from "./Kbd";

export interface MenuEntry {
  id: string;
  label: string;
  icon?: ReactNode;
  run: () => void;
  shortcut?: string[];
  isDanger?: boolean;
  isDisabled?: boolean;
  /** Why it is disabled, or a remark. */
  remark?: string;
  /** Makes it a menu of its own, which opens beside it. */
  entries?: MenuEntry[];
}

/** Groups are set apart by a line; empty ones vanish. */
export type MenuGroups = readonly (readonly MenuEntry[])[];

const POPUP =
  "z-50 min-w-52 max-w-90 rounded-card border border-line-strong bg-raise p-1 shadow-float outline-none max-h-(--available-height) overflow-y-auto";

const ITEM =
  "flex min-h-7.5 items-center gap-2.5 rounded-control px-2 py-1 outline-none data-disabled:text-fg-3 data-highlighted:bg-selected";

function Items({ groups }: { groups: MenuGroups }) {
  return groups
    .filter((group) => group.length > 0)
    .map((group, index) => (
      <Fragment key={group[0]?.id}>
        {index > 0 && <Base.Separator className="mx-1 my-1 h-px bg-line" />}
        {group.map((entry) =>
          entry.entries ? (
            <Submenu key={entry.id} entry={entry} entries={entry.entries} />
          ) : (
            <Base.Item
              key={entry.id}
              disabled={entry.isDisabled ?? false}
              onClick={entry.run}
              className={cx(ITEM, entry.isDanger && "text-err")}
            >
              <Words entry={entry} />
              {entry.shortcut && <Kbd keys={entry.shortcut} />}
            </Base.Item>
          ),
        )}
      </Fragment>
    ));
}

function Words({ entry }: { entry: MenuEntry }) {
  return (
    <>
      <span className={cx("flex w-4", !entry.isDanger && "text-fg-2")}>{entry.icon}</span>
      <span className="grow">{entry.label}</span>
      {entry.remark && <span className="text-fg-3 text-small">{entry.remark}</span>}
    </>
  );
}

/** A menu that opens beside its entry, by pointer and by arrow key. */
function Submenu({ entry, entries }: { entry: MenuEntry; entries: MenuEntry[] }) {
  const float = useFloatContainer();
  return (
    <Base.SubmenuRoot>
      <Base.SubmenuTrigger className={cx(ITEM, "data-popup-open:bg-selected")}>
        <Words entry={entry} />
        <ChevronRight className="size-3.5! text-fg-3" />
      </Base.SubmenuTrigger>
      <Base.Portal {...float}>
        <Base.Positioner sideOffset={2} alignOffset={-5} className="z-50">
          <Base.Popup className={POPUP}>
            <Items groups={[entries]} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.SubmenuRoot>
  );
}

/** A menu behind a button. */
export function Menu({
  trigger,
  groups,
  align = "end",
}: {
  trigger: ReactElement;
  groups: MenuGroups;
  align?: "start" | "end";
}) {
  const float = useFloatContainer();
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal {...float}>
        <Base.Positioner sideOffset={4} align={align} className="z-50">
          <Base.Popup className={POPUP}>
            <Items groups={groups} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** Where a placed menu opens: below a button, or at a point of the window. */
export type MenuPlace = { button: HTMLElement } | { x: number; y: number };

/** A menu that is put somewhere: lists with very many rows share one instead of having one each. */
export function PlacedMenu({
  place,
  groups,
  onClose,
}: {
  /** None: it is closed. */
  place: MenuPlace | null;
  groups: MenuGroups;
  onClose: () => void;
}) {
  const float = useFloatContainer();
  if (place === null) return null;
  const anchor = "button" in place ? place.button : pointAnchor(place);
  const isOfAnchor = (event: Event) =>
    "button" in place && event.target instanceof Node && place.button.contains(event.target);
  return (
    <Base.Root
      open
      modal={false}
      onOpenChange={(isOpen, { event }) => {
        // The button closes its menu itself.
        if (!isOpen && !(event.type !== "keydown" && isOfAnchor(event))) onClose();
      }}
    >
      <Base.Portal {...float}>
        <Base.Positioner
          anchor={anchor}
          sideOffset={"button" in place ? 4 : 0}
          align={"button" in place ? "end" : "start"}
          collisionAvoidance={{ side: "button" in place ? "flip" : "shift", align: "shift" }}
          className="z-50"
        >
          <Base.Popup className={POPUP} finalFocus={() => ("button" in place ? place.button : null)}>
            <Items groups={groups} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

const pointAnchor = ({ x, y }: { x: number; y: number }) => ({
  getBoundingClientRect: () => new DOMRect(x, y, 0, 0),
});

/** The same menu at the pointer (or by the menu key), on whatever `children` draws. */
export function ContextMenu({ groups, children }: { groups: MenuGroups; children: ReactElement }) {
  const float = useFloatContainer();
  return (
    <BaseContext.Root>
      <BaseContext.Trigger render={children} />
      <BaseContext.Portal {...float}>
        <BaseContext.Positioner className="z-50">
          <BaseContext.Popup className={POPUP}>
            <Items groups={groups} />
          </BaseContext.Popup>
        </BaseContext.Positioner>
      </BaseContext.Portal>
    </BaseContext.Root>
  );
}
