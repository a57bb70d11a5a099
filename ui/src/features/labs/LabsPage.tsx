/* The labs of all servers: what is shown, and why when nothing is. */
import { LibraryBig, Plus, RefreshCw } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { registerActions } from "@/app/actions";
import { useRowHeight } from "@/app/density";
import { openDialog } from "@/app/dialogs";
import { useFilterAction } from "@/app/filter-action";
import { firstLabAction, labMenu } from "@/app/lab-actions";
import { doToLabs, refreshLabs } from "@/app/lab-operations";
import { goTo, paths } from "@/app/navigation";
import { useConnection, useCore } from "@/app/store";
import {
  Button,
  FilterInput,
  IconButton,
  Kbd,
  type MenuPlace,
  PageHeader,
  PlacedMenu,
  RowGrid,
  Segments,
  Select,
  SelectionBar,
  StartStop,
  useSelection,
} from "@/components";
import type { LabView } from "@/ipc";
import { messages } from "@/messages";
import { isOf, keyOf, matches, type StateGroup, sortRows, type Whose } from "./filter";
import { COLUMNS, LabRow } from "./LabRow";
import { ListEmpty } from "./ListEmpty";

const words = messages.labs;
const GROUPS: readonly StateGroup[] = ["any", "running", "busy", "down", "wrong"];

export function LabsPage() {
  const [query, setQuery] = useState("");
  const [whose, setWhose] = useState<Whose>("all");
  const [group, setGroup] = useState<StateGroup>("any");
  const filter = useFilterAction("labs.filter", words.filter);
  useNewAction();
  const page = useRef<HTMLDivElement>(null);
  const rowPx = useRowHeight();
  const { all, shown } = useRows(query, whose, group);
  const selection = useSelection(shown, keyOf);
  const toGrid = () => page.current?.querySelector<HTMLElement>("[data-row][tabindex='0']")?.focus();
  return (
    <div ref={page} className="flex min-h-0 grow flex-col">
      <PageHeader
        title={words.title}
        count={all.length}
        tools={
          <>
            <FilterInput
              ref={filter}
              label={words.filter}
              value={query}
              onChange={setQuery}
              onLeave={toGrid}
              className="mid:w-36!"
            />
            <Segments
              label={words.segments.label}
              value={whose}
              onChange={setWhose}
              segments={[
                { value: "all", label: words.segments.all },
                { value: "mine", label: words.segments.mine },
              ]}
            />
            <Select
              aria-label={words.states.label}
              value={group}
              onChange={setGroup}
              options={GROUPS.map((value) => ({ value, label: words.states[value] }))}
              className="h-7! w-32!"
            />
          </>
        }
        actions={<HeaderActions />}
      />
      {shown.length > 0 ? (
        <RowGrid
          label={words.title}
          rows={shown}
          keyOf={keyOf}
          rowPx={rowPx}
          columns={COLUMNS}
          head={HEAD}
          selection={selection}
          onOpen={({ lab_ref }) => goTo(paths.lab(lab_ref))}
          drawRow={(props) => <LabRow key={props.rowKey} {...props} />}
          drawMenu={(key, place, onClose) => <RowMenu of={key} {...{ rows: shown, place, onClose }} />}
          className="grow pb-5"
        />
      ) : (
        <ListEmpty
          isFiltered={all.length > 0}
          query={query}
          onShowAll={() => {
            setQuery("");
            setWhose("all");
            setGroup("any");
          }}
        />
      )}
      <BulkBar selected={selection.selected} onClear={selection.clear} />
    </div>
  );
}

const HEAD = [
  { title: words.columns.state },
  { title: words.columns.name },
  { title: words.columns.server },
  { title: words.columns.owner, leaves: "tightest" as const },
  { title: words.columns.nodes },
  { title: words.columns.age },
];

function HeaderActions() {
  const canMake = useCore((state) => state.connections.some(({ labs }) => labs !== null));
  return (
    <>
      <IconButton
        framed
        label={words.refresh}
        icon={<RefreshCw className="size-3.5!" />}
        onClick={() => void refreshLabs()}
      />
      <Button icon={<LibraryBig />} onClick={() => goTo(paths.templates())}>
        <span className="narrow:sr-only">{words.templates}</span>
      </Button>
      <Button
        tone="main"
        icon={<Plus />}
        disabled={!canMake}
        onClick={() => openDialog({ dialog: "new-lab" })}
      >
        {words.newOne}
        <Kbd keys={["N"]} onAccent />
      </Button>
    </>
  );
}

/** "n" makes a lab here. */
function useNewAction(): void {
  useEffect(
    () =>
      registerActions({
        id: "labs.new-here",
        title: words.newDots,
        icon: <Plus />,
        shortcut: "n",
        isOfPage: true,
        run: () => openDialog({ dialog: "new-lab" }),
      }),
    [],
  );
}

/** The menu of whichever row was asked for it. */
function RowMenu(props: { of: string; rows: readonly LabView[]; place: MenuPlace; onClose: () => void }) {
  const view = props.rows.find((row) => keyOf(row) === props.of);
  const server = useConnection(view?.lab_ref.connection_id ?? "");
  if (!view) return null;
  return <PlacedMenu place={props.place} groups={labMenu(view, server)} onClose={props.onClose} />;
}

/** What can be done to all selected labs. */
function BulkBar({ selected, onClear }: { selected: readonly LabView[]; onClear: () => void }) {
  const connections = useCore((state) => state.connections);
  if (selected.length === 0) return null;
  const able = (id: string) =>
    selected.filter((view) =>
      firstLabAction(
        view,
        connections.find(({ connection }) => connection.id === view.lab_ref.connection_id),
        id,
      ),
    );
  const [startable, stoppable] = [able("lab.start"), able("lab.stop")];
  return (
    <SelectionBar label={words.bulk.name} onClear={onClear}>
      <StartStop
        selected={selected.length}
        startable={startable.length}
        stoppable={stoppable.length}
        onStart={() => void doToLabs("start", startable)}
        onStop={() => void doToLabs("stop", stoppable)}
      />
    </SelectionBar>
  );
}

function useRows(query: string, whose: Whose, group: StateGroup) {
  const labs = useCore((state) => state.labs);
  const all = useMemo(() => sortRows(Object.values(labs).flat()), [labs]);
  const shown = useMemo(
    () =>
      all.filter(
        (view) => (whose === "all" || view.lab.is_mine) && isOf(view, group) && matches(view, query.trim()),
      ),
    [all, query, whose, group],
  );
  return { all, shown };
}
