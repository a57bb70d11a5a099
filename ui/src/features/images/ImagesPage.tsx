/* The images of all connected servers: what is shown, and why when nothing is. */
import { Layers, Plug, RefreshCw, SearchX } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { openDialog } from "@/app/dialogs";
import { useFilterAction } from "@/app/filter-action";
import { goTo, paths } from "@/app/navigation";
import { useCore } from "@/app/store";
import { Button, EmptyState, ErrorBox, FilterInput, IconButton, PageHeader, Segments } from "@/components";
import type { ServerImages } from "@/ipc";
import { messages } from "@/messages";
import { ImageTable } from "./ImageTable";
import { type ImageSegment, isIn, matches, rowsOf } from "./list";
import { Totals } from "./Totals";
import { refreshImages, useImages } from "./useImages";

const words = messages.images;

export function ImagesPage() {
  const { servers, failure, isAsking } = useImages();
  const [query, setQuery] = useState("");
  const [segment, setSegment] = useState<ImageSegment>("all");
  const all = useMemo(() => rowsOf(servers ?? []), [servers]);
  const shown = useMemo(
    () => all.filter((row) => isIn(segment, row) && matches(row, query.trim())),
    [all, segment, query],
  );
  const showAll = () => {
    setQuery("");
    setSegment("all");
  };
  const outdated = all.filter((row) => isIn("outdated", row)).length;
  return (
    <div className="flex min-h-0 grow flex-col">
      <PageHeader
        title={words.title}
        count={servers ? all.length : undefined}
        tools={
          <>
            <Filter query={query} onChange={setQuery} />
            <Segments
              label={words.segments.label}
              value={segment}
              onChange={setSegment}
              segments={[
                { value: "all", label: words.segments.all },
                { value: "used", label: words.segments.used },
                { value: "unused", label: words.segments.unused },
                ...(outdated > 0
                  ? [{ value: "outdated" as const, label: words.segments.outdated, count: outdated }]
                  : []),
              ]}
            />
          </>
        }
        actions={<PageActions isAsking={isAsking} isEmpty={servers !== null && all.length === 0} />}
      />
      {failure && <ErrorBox failure={failure} onRetry={() => void refreshImages()} className="mx-5 mt-4" />}
      {servers?.map((server) => (
        <ServerFailure key={server.connection_id} server={server} />
      ))}
      {shown.length > 0 ? (
        <ImageTable rows={shown} footer={<Totals servers={servers ?? []} />} />
      ) : servers === null ? (
        !failure && <p className="appear-late m-auto text-fg-3">{words.loading}</p>
      ) : (
        <Nothing isFiltered={all.length > 0} servers={servers} onShowAll={showAll} />
      )}
    </div>
  );
}

function Filter({ query, onChange }: { query: string; onChange: (query: string) => void }) {
  const input = useFilterAction("images.filter", words.filter);
  return (
    <FilterInput
      ref={input}
      label={words.filter}
      value={query}
      onChange={onChange}
      className="narrow:w-27!"
    />
  );
}

function PageActions({ isAsking, isEmpty }: { isAsking: boolean; isEmpty: boolean }) {
  const canBuild = useCore((state) => state.connections.some(({ abilities }) => abilities?.images));
  return (
    <>
      <IconButton
        framed
        label={words.refresh}
        icon={<RefreshCw className="size-3.5!" />}
        disabled={isAsking}
        onClick={() => void refreshImages()}
      />
      <Button disabled={!canBuild} onClick={() => openDialog({ dialog: "prune-images" })}>
        {words.prune}
      </Button>
      <Button disabled={!canBuild} onClick={() => openDialog({ dialog: "pull-image" })}>
        {words.pull}
      </Button>
      <Button
        tone={isEmpty ? "default" : "main"}
        disabled={!canBuild}
        onClick={() => openDialog({ dialog: "build-image" })}
      >
        {words.build}
      </Button>
    </>
  );
}

/** A server that did not answer does not hide the others. */
function ServerFailure({ server }: { server: ServerImages }) {
  if (!server.failure) return null;
  return <ErrorBox failure={server.failure} onRetry={() => void refreshImages()} className="mx-5 mt-4" />;
}

function Nothing(props: {
  isFiltered: boolean;
  servers: readonly ServerImages[];
  onShowAll: () => void;
}): ReactNode {
  if (props.isFiltered)
    return (
      <EmptyState
        icon={<SearchX />}
        title={words.noMatch.title}
        text={words.noMatch.text}
        actions={<Button onClick={props.onShowAll}>{words.noMatch.action}</Button>}
      />
    );
  if (props.servers.length === 0)
    return (
      <EmptyState
        icon={<Plug />}
        title={words.noServer.title}
        text={words.noServer.text}
        actions={<Button onClick={() => goTo(paths.connections())}>{words.noServer.action}</Button>}
      />
    );
  if (props.servers.some(({ failure }) => failure !== null)) return null;
  return (
    <EmptyState
      icon={<Layers />}
      {...words.none}
      actions={
        <Button tone="main" onClick={() => openDialog({ dialog: "build-image", source: "dev_image" })}>
          {words.buildDev}
        </Button>
      }
    />
  );
}
