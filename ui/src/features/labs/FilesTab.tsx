/* Where a lab's files came from, what would travel to the server, and the topology as it is there. */
import { FileQuestion } from "lucide-react";
import { useState } from "react";
import { useAsked } from "@/app/asked";
import { useNow } from "@/app/clock";
import { NO_OPTIONS } from "@/app/lab-operations";
import {
  Button,
  Card,
  CopyText,
  EmptyState,
  ErrorBox,
  Fact,
  Facts,
  formatBytes,
  formatMoment,
  PageText,
} from "@/components";
import {
  type LabOrigin,
  type LabPage,
  type LabRef,
  type LabSync,
  labChangePlan,
  templatePreview,
} from "@/ipc";
import { messages } from "@/messages";
import { Yaml } from "./yaml";

const words = messages.labFiles;

export function FilesTab({ page }: { page: LabPage }) {
  const { view, detail } = page;
  const { path } = view.lab;
  return (
    <div className="flex min-h-0 grow">
      <div className="flex w-80 shrink-0 flex-col gap-3.5 overflow-y-auto border-r p-4 narrow:w-64">
        <Card title={words.origin}>
          {view.origin ? <Origin origin={view.origin} /> : <p className="text-fg-2">{words.noOrigin}</p>}
          {path && (
            <div className="mt-2 border-t pt-2">
              <p className="text-fg-3">{words.onServer}</p>
              <CopyText text={path} className="max-w-full" />
            </div>
          )}
        </Card>
        {view.origin && <Carried origin={view.origin} />}
        {view.origin && view.stale_since === null && <Travel lab={view.lab_ref} />}
      </div>
      {detail.source === null ? (
        <EmptyState icon={<FileQuestion />} {...words.noSource} />
      ) : (
        <PageText label={words.source}>
          <Yaml text={detail.source} />
        </PageText>
      )}
    </div>
  );
}

function Origin({ origin }: { origin: LabOrigin }) {
  const now = useNow(60_000);
  const variables = Object.entries(origin.variables);
  return (
    <Facts>
      <Fact name={words.template}>{origin.template_name}</Fact>
      <Fact name={words.topology}>
        <span className="whitespace-normal wrap-anywhere font-mono">{origin.template.topology}</span>
      </Fact>
      {origin.commit && (
        <Fact name={words.commit}>
          <span className="font-mono">{origin.commit.slice(0, 12)}</span>
        </Fact>
      )}
      <Fact name={words.made}>{formatMoment(origin.created_at, now)}</Fact>
      {variables.map(([name, value]) => (
        <Fact key={name} name={name}>
          <span className="font-mono">{value}</span>
        </Fact>
      ))}
    </Facts>
  );
}

/** The files that the template carries to a server. */
function Carried({ origin }: { origin: LabOrigin }) {
  const { answer, failure, again } = useAsked(origin.template, templatePreview, 0);
  return (
    <Card title={words.carried} aside={answer && words.count(answer.files.length)}>
      {failure && <ErrorBox failure={failure} onRetry={again} />}
      <ul className="max-h-48 overflow-y-auto">
        {answer?.files.map(({ path, bytes }) => (
          <li key={path} className="flex justify-between gap-3">
            <span className="truncate font-mono" title={path}>
              {path}
            </span>
            <span className="shrink-0 text-fg-3">{formatBytes(bytes)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** What is not on the server as it is here; looked up when it is asked for. */
function Travel({ lab }: { lab: LabRef }) {
  const [isAsked, setAsked] = useState(false);
  const { answer, failure, again } = useAsked(
    isAsked ? { lab, verb: "start" as const, options: NO_OPTIONS } : null,
    labChangePlan,
    0,
  );
  return (
    <Card title={words.travel}>
      {failure && <ErrorBox failure={failure} onRetry={again} />}
      {!isAsked && <Button onClick={() => setAsked(true)}>{words.compare}</Button>}
      {isAsked && !answer && !failure && <p className="appear-late text-fg-3">{words.loading}</p>}
      {answer &&
        (answer.sync ? <SyncList sync={answer.sync} /> : <p className="text-fg-2">{words.noSync}</p>)}
    </Card>
  );
}

export function SyncList({ sync }: { sync: LabSync }) {
  const { changed, removed, unchanged, bytes } = sync;
  if (changed.length + removed.length === 0) return <p className="text-fg-2">{words.upToDate(unchanged)}</p>;
  return (
    <>
      <p className="text-fg-2">
        {words.travels(changed.length, removed.length, unchanged, formatBytes(bytes))}
      </p>
      <ul className="mt-1.5 max-h-40 overflow-y-auto font-mono">
        {changed.map((path) => (
          <li key={path} className="truncate" title={path}>
            <span aria-hidden className="mr-2 text-ok">
              +
            </span>
            {path}
          </li>
        ))}
        {removed.map((path) => (
          <li key={path} className="truncate text-fg-3 line-through" title={path}>
            <span aria-hidden className="mr-2 text-err">
              −
            </span>
            {path}
          </li>
        ))}
      </ul>
    </>
  );
}
