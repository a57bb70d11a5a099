/* What was collected from the nodes of a lab, newest first, and what changed since the time before. */
import { FileDiff, Settings2 } from "lucide-react";
import { useEffect, useState } from "react";
import { useAsked } from "@/app/asked";
import { useNow } from "@/app/clock";
import { firstLabAction } from "@/app/lab-actions";
import { useConnection } from "@/app/store";
import {
  Button,
  Chip,
  cx,
  EmptyState,
  ErrorBox,
  formatBytes,
  formatMoment,
  PageText,
  Segments,
  Select,
} from "@/components";
import { type CollectedFile, type Collection, type LabView, labCollected, labCollections } from "@/ipc";
import { messages } from "@/messages";
import { type DiffLook, DiffView } from "./DiffView";

const words = messages.labFiles;

export function ConfigTab({ view }: { view: LabView }) {
  const lab = view.lab_ref;
  const {
    answer: sets,
    failure,
    again,
  } = useAsked({ lab, run: view.run_id }, () => labCollections({ lab }), 0);
  const [chosen, setChosen] = useState<string | null>(null);
  const [path, setPath] = useState<string | null>(null);
  const now = useNow(60_000);
  if (!sets)
    return failure ? (
      <ErrorBox failure={failure} onRetry={again} className="m-5" />
    ) : (
      <p className="appear-late m-auto text-fg-3">{words.loading}</p>
    );
  const set = sets.find(({ run_id }) => run_id === chosen) ?? sets[0];
  if (!set) return <NoneYet view={view} />;
  const file = set.files.find((one) => one.path === path) ?? firstOf(set);
  return (
    <div className="flex min-h-0 grow">
      <section aria-label={words.sets} className="flex w-64 shrink-0 flex-col gap-2 border-r p-3 narrow:w-52">
        <Select
          aria-label={words.sets}
          value={set.run_id}
          onChange={setChosen}
          options={sets.map(({ run_id, collected_at }) => ({
            value: run_id,
            label: words.setOf(formatMoment(collected_at, now)),
          }))}
        />
        <ul aria-label={words.files} className="-mx-1 min-h-0 overflow-y-auto">
          {set.files.map((one) => (
            <li key={one.path}>
              <FileButton file={one} isChosen={one === file} onChoose={() => setPath(one.path)} />
            </li>
          ))}
        </ul>
      </section>
      {file && <FileText key={`${set.run_id}/${file.path}`} view={view} set={set} file={file} />}
    </div>
  );
}

/** What changed is what one wants to see. */
const firstOf = ({ files }: Collection): CollectedFile | undefined =>
  files.find(({ is_changed }) => is_changed) ?? files[0];

function FileButton(props: { file: CollectedFile; isChosen: boolean; onChoose: () => void }) {
  const { path, bytes, is_changed } = props.file;
  return (
    <button
      type="button"
      aria-current={props.isChosen || undefined}
      onClick={props.onChoose}
      className={cx(
        "eased flex h-7.5 w-full items-center gap-2 rounded-control px-2 text-left",
        props.isChosen ? "bg-selected" : "hover:bg-hover",
      )}
    >
      <span className="min-w-0 grow truncate font-mono" title={path}>
        {path}
      </span>
      {is_changed && <Chip>{words.changed}</Chip>}
      {!is_changed && <span className="shrink-0 text-fg-3 text-small">{formatBytes(bytes)}</span>}
    </button>
  );
}

function FileText({ view, set, file }: { view: LabView; set: Collection; file: CollectedFile }) {
  const [look, setLook] = useState<DiffLook | "text">(file.is_changed === null ? "text" : "unified");
  const asked = { lab: view.lab_ref, run_id: set.run_id, path: file.path };
  const { answer, failure, again } = useAsked(asked, labCollected, 0);
  const before = answer?.before ?? null;
  useEffect(() => {
    if (answer && before === null) setLook("text");
  }, [answer, before]);
  return (
    <section aria-label={file.path} className="flex min-w-0 grow flex-col">
      <header className="flex h-10 shrink-0 items-center gap-3 border-b px-4">
        <h2 className="min-w-0 grow truncate font-mono">{file.path}</h2>
        {before !== null && (
          <Segments
            label={words.look.label}
            value={look}
            onChange={setLook}
            segments={[
              { value: "unified", label: words.look.unified },
              { value: "split", label: words.look.split },
              { value: "text", label: words.look.text },
            ]}
          />
        )}
      </header>
      {failure ? (
        <ErrorBox failure={failure} onRetry={again} className="m-4" />
      ) : !answer ? (
        <p className="appear-late m-auto text-fg-3">{words.loading}</p>
      ) : look === "text" || before === null ? (
        <PageText label={file.path}>{answer.text}</PageText>
      ) : (
        <DiffView before={before} after={answer.text} look={look} label={words.diff.name(file.path)} />
      )}
    </section>
  );
}

function NoneYet({ view }: { view: LabView }) {
  const server = useConnection(view.lab_ref.connection_id);
  const action = firstLabAction(view, server, "lab.collect");
  return (
    <EmptyState
      icon={action ? <FileDiff /> : <Settings2 />}
      title={words.none.title}
      text={words.none.text}
      actions={
        action && (
          <Button icon={action.icon} onClick={() => action.run(view)}>
            {action.title}
          </Button>
        )
      }
    />
  );
}
