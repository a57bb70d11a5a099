/* Templates: what labs are made from, with a look at each topology. */
import { LibraryBig, Plus, RefreshCw } from "lucide-react";
import { useState } from "react";
import { openDialog } from "@/app/dialogs";
import { goTo, paths } from "@/app/navigation";
import { attempt } from "@/app/operations";
import { useCore } from "@/app/store";
import { Button, EmptyState, IconButton, PageHeader } from "@/components";
import { type LabTemplatePick, templateRefresh } from "@/ipc";
import { messages } from "@/messages";
import { Preview, usePreview } from "./Preview";
import { TemplateForm } from "./TemplateForm";
import { TemplateTree } from "./TemplateTree";

const words = messages.templates;

export function TemplatesPage() {
  const templates = useCore((state) => state.templates);
  const first = templates.flatMap(({ template, index }) =>
    (index?.topologies ?? []).map(({ path }) => ({ template_id: template.id, topology: path })),
  )[0];
  const [chosen, setChosen] = useState<LabTemplatePick | null>(null);
  const pick = chosen ?? first ?? null;
  const asked = usePreview(pick);
  const [isAdding, setAdding] = useState(false);
  const refreshAll = () =>
    void Promise.all(templates.map(({ template }) => attempt(templateRefresh({ template_id: template.id }))));
  return (
    <>
      <PageHeader
        title={words.title}
        count={templates.length}
        parent={{ label: messages.labs.title, go: () => goTo(paths.labs()) }}
        actions={
          templates.length > 0 && (
            <>
              <IconButton
                framed
                label={words.refreshAll}
                icon={<RefreshCw className="size-3.5!" />}
                onClick={refreshAll}
              />
              <Button
                tone="main"
                icon={<Plus />}
                disabled={!pick || (asked.answer?.problems.length ?? 1) > 0}
                onClick={() => pick && openDialog({ dialog: "new-lab", pick })}
              >
                {words.use}
              </Button>
            </>
          )
        }
      />
      {templates.length === 0 ? (
        <EmptyState
          icon={<LibraryBig />}
          title={words.empty.title}
          text={words.empty.text}
          actions={
            <Button tone="main" icon={<Plus />} onClick={() => setAdding(true)}>
              {words.addDots}
            </Button>
          }
        />
      ) : (
        <div className="flex min-h-0 grow">
          <TemplateTree pick={pick} onPick={setChosen} className="w-84 shrink-0 border-r narrow:w-64" />
          <Preview asked={asked} hasPick={pick !== null} />
        </div>
      )}
      {isAdding && <TemplateForm template={null} onDone={() => {}} onClose={() => setAdding(false)} />}
    </>
  );
}
