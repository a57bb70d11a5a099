import { CircleAlert } from "lucide-react";
import { useState } from "react";
import { useAsked } from "@/app/asked";
import { EmptyState, ErrorBox, formatBytes, PageText, Segments } from "@/components";
import { type LabTemplatePick, type TemplatePreview, type TopologyGraph, templatePreview } from "@/ipc";
import { messages } from "@/messages";
import { Graph } from "../graph/Graph";
import { useLayout } from "../graph/useLayout";
import { Yaml } from "../yaml";

const words = messages.templates.preview;

export type Look = "graph" | "yaml" | "files";

export function usePreview(pick: LabTemplatePick | null) {
  return useAsked(pick, templatePreview, 0);
}

/** A topology before it is run: drawn, as text, and the files that go with it. */
export function Preview({ asked, hasPick }: { asked: ReturnType<typeof usePreview>; hasPick: boolean }) {
  const [look, setLook] = useState<Look>("graph");
  const { answer, failure, again } = asked;
  if (!hasPick) return <p className="m-auto text-fg-3">{words.none}</p>;
  if (failure) return <ErrorBox failure={failure} onRetry={again} className="m-4" />;
  if (!answer) return <p className="appear-late m-auto text-fg-3">{words.loading}</p>;
  const { topology, problems, commit } = answer;
  return (
    <section aria-label={topology.name} className="flex min-h-0 min-w-0 grow flex-col">
      <header className="flex h-11 shrink-0 items-center gap-3 border-b px-4">
        <h2 className="min-w-0 truncate font-semibold">{topology.name}</h2>
        {commit && <span className="shrink-0 font-mono text-fg-3">{commit.slice(0, 8)}</span>}
        <span className="ml-auto">
          <Segments
            label={words.look.label}
            value={look}
            onChange={setLook}
            segments={[
              { value: "graph", label: words.look.graph },
              { value: "yaml", label: words.look.yaml },
              { value: "files", label: words.look.files, count: answer.files.length },
            ]}
          />
        </span>
      </header>
      <Problems problems={problems} />
      {look === "graph" ? (
        <Drawn key={topology.path} name={topology.name} graph={answer.graph} />
      ) : look === "yaml" ? (
        <PageText label={topology.path}>
          <Yaml text={answer.text} />
        </PageText>
      ) : (
        <Files preview={answer} />
      )}
    </section>
  );
}

function Problems({ problems }: { problems: readonly string[] }) {
  if (problems.length === 0) return null;
  return (
    <div role="alert" className="m-3 mb-0 flex gap-2.5 rounded-card bg-err-soft px-3 py-2">
      <CircleAlert className="mt-0.5 text-err" />
      <div data-selectable>
        <p className="font-[550]">{words.problems}</p>
        {problems.map((problem) => (
          <p key={problem} className="text-fg-2">
            {messages.sentence(problem)}
          </p>
        ))}
      </div>
    </div>
  );
}

const NOWHERE = {};

function Drawn({ name, graph }: { name: string; graph: TopologyGraph }) {
  const { positions, error } = useLayout(graph);
  if (graph.nodes.length === 0) return <p className="m-auto text-fg-3">{words.empty}</p>;
  if (error) return <EmptyState icon={<CircleAlert />} title={messages.labGraph.failed} text={error} />;
  if (!positions) return <p className="appear-late m-auto text-fg-3">{messages.labGraph.layingOut}</p>;
  return <Graph label={words.graph(name)} graph={graph} positions={positions} placed={NOWHERE} />;
}

function Files({ preview: { files } }: { preview: TemplatePreview }) {
  return (
    <div
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
      tabIndex={0}
      role="region"
      aria-label={words.look.files}
      className="min-h-0 grow overflow-y-auto px-4 py-3 -outline-offset-2!"
    >
      <p className="mb-2 text-fg-2">{words.files(files.length)}</p>
      <ul>
        {files.map(({ path, bytes }) => (
          <li key={path} className="flex max-w-120 justify-between gap-3">
            <span className="truncate font-mono" title={path}>
              {path}
            </span>
            <span className="shrink-0 text-fg-3">{formatBytes(bytes)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
