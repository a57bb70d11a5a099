/* Tunnels: the list, a field that makes one, and below them whichever is looked at. */
import { Plus } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { registerActions } from "@/app/actions";
import { openDialog } from "@/app/dialogs";
import { useFilterAction } from "@/app/filter-action";
import { useNarrow } from "@/app/narrow";
import { goTo, paths } from "@/app/navigation";
import { useCore } from "@/app/store";
import { Button, FilterInput, PageHeader, useSelection } from "@/components";
import type { TunnelId } from "@/ipc";
import { messages } from "@/messages";
import { BulkBar } from "./BulkBar";
import { TunnelDetail } from "./detail/TunnelDetail";
import { keyOf, matches, sortRows } from "./filter";
import { ListEmpty } from "./ListEmpty";
import { TunnelGrid } from "./TunnelGrid";
import { TypedLine } from "./TypedLine";

const words = messages.tunnels;

export function TunnelsPage({ tunnelId }: { tunnelId: TunnelId | undefined }) {
  const [query, setQuery] = useState("");
  const [line, setLine] = useState("");
  const filter = useFilterAction("tunnels.filter", words.filter);
  const field = useLineAction();
  const page = useRef<HTMLDivElement>(null);
  const isNarrow = useNarrow();
  const { all, shown } = useRows(query);
  const selection = useSelection(shown, keyOf);
  const toGrid = () => page.current?.querySelector<HTMLElement>("[data-row][tabindex='0']")?.focus();
  const hasDetail = tunnelId !== undefined;
  // Beside each other they would both be too small.
  const isDetailAlone = hasDetail && isNarrow;
  return (
    <div ref={page} className="flex min-h-0 grow flex-col">
      <PageHeader
        title={words.title}
        count={all.length}
        tools={
          <>
            <TypedLine field={field} value={line} onChange={setLine} onLeave={toGrid} />
            {!isDetailAlone && (
              <FilterInput
                ref={filter}
                label={words.filter}
                value={query}
                onChange={setQuery}
                onLeave={toGrid}
                className="mid:w-40! narrow:w-32!"
              />
            )}
          </>
        }
        actions={
          <>
            <Button onClick={() => openDialog({ dialog: "import-tunnels" })}>{words.import}</Button>
            <Button tone="main" icon={<Plus />} onClick={() => openDialog({ dialog: "tunnel" })}>
              {words.newOne}
            </Button>
          </>
        }
      />
      {isDetailAlone ? null : shown.length > 0 ? (
        <TunnelGrid
          rows={shown}
          selection={selection}
          shown={tunnelId}
          className={hasDetail ? "max-h-[46%] shrink-0" : "grow pb-5"}
        />
      ) : (
        <ListEmpty
          isFiltered={all.length > 0}
          query={query}
          onShowAll={() => setQuery("")}
          onExample={(example) => {
            setLine(example);
            field.current?.focus();
          }}
        />
      )}
      <BulkBar selected={selection.selected} onClear={selection.clear} />
      {hasDetail && (
        <TunnelDetail
          key={tunnelId}
          id={tunnelId}
          onBack={isNarrow ? () => goTo(paths.tunnels()) : undefined}
        />
      )}
    </div>
  );
}

/** "n" leads to the field for typed tunnels. */
function useLineAction() {
  const field = useRef<HTMLInputElement>(null);
  useEffect(
    () =>
      registerActions({
        id: "tunnels.type",
        title: words.typeOne,
        icon: <Plus />,
        shortcut: "n",
        isOfPage: true,
        run: () => field.current?.focus(),
      }),
    [],
  );
  return field;
}

function useRows(query: string) {
  const tunnels = useCore((state) => state.tunnels);
  const all = useMemo(() => sortRows(Object.values(tunnels)), [tunnels]);
  const shown = useMemo(() => all.filter((view) => matches(view, query.trim())), [all, query]);
  return { all, shown };
}
