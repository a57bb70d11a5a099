/* Templates with the topologies that are in them; one is chosen. */
import { Ellipsis, FileText, FolderOpen, GitBranch, Pencil, Plus, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useNow } from "@/app/clock";
import { attempt } from "@/app/operations";
import { useCore } from "@/app/store";
import { offerUndo } from "@/app/undo";
import { Button, cx, Dot, ErrorBox, FilterInput, formatMoment, IconButton, Menu } from "@/components";
import {
  type LabTemplatePick,
  type Template,
  type TemplateSource,
  type TemplateTopology,
  type TemplateView,
  templateCreate,
  templateRefresh,
  templateRemove,
} from "@/ipc";
import { messages } from "@/messages";
import { TemplateForm } from "./TemplateForm";

const words = messages.templates;

interface TreeProps {
  pick: LabTemplatePick | null;
  onPick: (pick: LabTemplatePick) => void;
  className?: string;
}

export function TemplateTree({ pick, onPick, className }: TreeProps) {
  const templates = useCore((state) => state.templates);
  const [query, setQuery] = useState("");
  const [form, setForm] = useState<{ template: Template | null } | null>(null);
  const wanted = query.trim().toLowerCase();
  const shown = templates
    .map((view) => ({
      view,
      topologies: (view.index?.topologies ?? []).filter((one) => isMatch(view, one, wanted)),
    }))
    .filter(({ topologies }) => wanted === "" || topologies.length > 0);
  return (
    <section aria-label={words.list} className={cx("flex min-h-0 flex-col", className)}>
      <div className="flex shrink-0 gap-2 p-3">
        <FilterInput
          label={words.filter}
          value={query}
          onChange={setQuery}
          className="w-auto! min-w-0 grow"
        />
        <IconButton framed label={words.add} icon={<Plus />} onClick={() => setForm({ template: null })} />
      </div>
      <div className="min-h-0 grow overflow-y-auto px-3 pb-3">
        {templates.length === 0 && (
          <div className="flex flex-col items-start gap-2 px-1 py-2">
            <h2 className="font-semibold">{words.empty.title}</h2>
            <p className="text-fg-2">{words.empty.text}</p>
            <Button icon={<Plus />} onClick={() => setForm({ template: null })}>
              {words.addDots}
            </Button>
          </div>
        )}
        {templates.length > 0 && shown.length === 0 && (
          <p className="px-1 text-fg-2">{words.noMatch(query)}</p>
        )}
        {shown.map(({ view, topologies }) => (
          <TemplateGroup
            key={view.template.id}
            view={view}
            topologies={topologies}
            pick={pick}
            onPick={onPick}
            onEdit={() => setForm({ template: view.template })}
          />
        ))}
      </div>
      {form && <TemplateForm template={form.template} onDone={() => {}} onClose={() => setForm(null)} />}
    </section>
  );
}

function isMatch({ template }: TemplateView, { name, path, kind }: TemplateTopology, query: string): boolean {
  const text = [template.name, name, path, kind && words.kinds[kind]].join("\n").toLowerCase();
  return query.split(/\s+/).every((word) => text.includes(word));
}

const ICONS: Record<TemplateSource["from"], React.ReactNode> = {
  git: <GitBranch className="size-3.5!" />,
  folder: <FolderOpen className="size-3.5!" />,
  file: <FileText className="size-3.5!" />,
};

interface GroupProps {
  view: TemplateView;
  topologies: readonly TemplateTopology[];
  pick: LabTemplatePick | null;
  onPick: (pick: LabTemplatePick) => void;
  onEdit: () => void;
}

function TemplateGroup({ view, topologies, pick, onPick, onEdit }: GroupProps) {
  const { template, index, error, is_loading } = view;
  const { source } = template;
  const refresh = () => void attempt(templateRefresh({ template_id: template.id }));
  return (
    <section aria-label={template.name} className="group/template mb-2">
      <header className="flex h-8 items-center gap-2 px-1 text-fg-2">
        {ICONS[source.from]}
        <h2
          className="min-w-0 truncate font-[550] text-fg"
          title={source.from === "git" ? source.url : source.path}
        >
          {template.name}
        </h2>
        <Facts view={view} />
        {is_loading && <Dot tone="busy" />}
        <Menu
          groups={[
            [
              { id: "refresh", label: words.refresh, icon: <RefreshCw />, run: refresh },
              { id: "edit", label: words.edit, icon: <Pencil />, run: onEdit },
            ],
            [
              {
                id: "remove",
                label: words.remove,
                icon: <Trash2 />,
                isDanger: true,
                run: () => void remove(template),
              },
            ],
          ]}
          trigger={
            <IconButton
              label={words.menu(template.name)}
              icon={<Ellipsis className="size-3.5!" />}
              className="ml-auto size-6!"
            />
          }
        />
      </header>
      {error && <ErrorBox failure={error} onRetry={refresh} className="mb-1" />}
      <ul>
        {topologies.map((one) => (
          <li key={one.path}>
            <TopologyButton
              topology={one}
              isChosen={pick?.template_id === template.id && pick.topology === one.path}
              onChoose={() => onPick({ template_id: template.id, topology: one.path })}
            />
          </li>
        ))}
      </ul>
      {index === null && !error && (
        <p className="px-1 text-fg-3">{is_loading ? words.loading : words.never}</p>
      )}
      {index?.topologies.length === 0 && <p className="px-1 text-fg-3">{words.noTopology}</p>}
      {index && index.remarks.length > 0 && (
        <details className="px-1 text-fg-3">
          <summary className="cursor-pointer">{words.leftOut(index.remarks.length)}</summary>
          {index.remarks.map((remark) => (
            <p key={remark}>{remark}</p>
          ))}
        </details>
      )}
    </section>
  );
}

function Facts({ view: { index } }: { view: TemplateView }) {
  const now = useNow(60_000);
  if (!index) return null;
  const moment = formatMoment(index.looked_at, now);
  return (
    <span className="min-w-0 shrink-[100] truncate text-fg-3 text-small">
      {index.commit ? words.commit(index.commit, moment) : words.read(moment)}
    </span>
  );
}

function TopologyButton(props: { topology: TemplateTopology; isChosen: boolean; onChoose: () => void }) {
  const { name, path, kind, nodes, links } = props.topology;
  return (
    <button
      type="button"
      aria-pressed={props.isChosen}
      onClick={props.onChoose}
      className={cx(
        "eased flex w-full flex-col rounded-control px-2.5 py-1.5 text-left",
        props.isChosen ? "bg-selected" : "hover:bg-hover",
      )}
    >
      <span className="flex w-full items-baseline gap-2">
        <span className="max-w-[75%] shrink-0 truncate font-[550]" title={name}>
          {name}
        </span>
        <span className="ml-auto min-w-0 truncate text-fg-3 text-small">
          {kind ? words.kinds[kind] : words.noKind}
        </span>
      </span>
      <span className="flex w-full items-baseline gap-2 text-fg-3 text-small">
        <span className="truncate font-mono" title={path}>
          {path}
        </span>
        <span className="ml-auto shrink-0">{words.size(nodes, links)}</span>
      </span>
    </button>
  );
}

async function remove({ id, name, source }: Template): Promise<void> {
  if (!(await attempt(templateRemove({ template_id: id })))) return;
  offerUndo(words.removed(name), () => void attempt(templateCreate({ name, source })));
}
