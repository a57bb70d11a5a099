/* Tunnels: the list, a field that makes one, and below them whichever is looked at. */
import { Plus } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { registerActions } from "@/app/actions";
import { openDialog } from "@/app/dialogs";
import { useFilterAction } from "@/app/filter-action";
import { useNarrow } from "@/app/narrow";
import { goTo, paths } from "@/app/navigation";
import { useCore } from "@/app/store";
import { Button, cx, FilterInput, PageHeader, Splitter, useSelection } from "@/components";
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
  const [share, setShare] = useState(lastShare);
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
                className="mid:w-32!"
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
      <div className="flex min-h-0 grow flex-col">
        {isDetailAlone ? null : shown.length > 0 ? (
          <TunnelGrid
            rows={shown}
            selection={selection}
            shown={tunnelId}
            className={cx(hasDetail ? "shrink-0" : "grow pb-5", hasDetail && share === null && "max-h-[46%]")}
            height={hasDetail && share !== null ? `${share * 100}%` : undefined}
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
        {hasDetail && !isDetailAlone && (
          <Splitter
            orientation="horizontal"
            label={words.detail.resize}
            share={share ?? LIST_SHARE}
            onShare={(next) => {
              lastShare = next;
              setShare(next);
            }}
            className="h-0.5 shrink-0"
          />
        )}
        {hasDetail && (
          <TunnelDetail
            key={tunnelId}
            id={tunnelId}
            onBack={isNarrow ? () => goTo(paths.tunnels()) : undefined}
          />
        )}
      </div>
      <BulkBar selected={selection.selected} onClear={selection.clear} />
    </div>
  );
}

/** How much of the height the list may have beside a detail, until somebody moves the line between them. */
const LIST_SHARE = 0.46;

/** Moved once, it holds until the window is closed. */
let lastShare: number | null = null;

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
