/* What stands in the place of the list: looking, found, nothing found, cannot be read. */
import { SearchX } from "lucide-react";
import { EmptyState, ErrorBox } from "@/components";
import { messages } from "@/messages";
import { ImportList } from "./ImportList";
import type { ImportFlow } from "./useImport";

const words = messages.importing;

export function ImportBody({ flow }: { flow: ImportFlow }) {
  const { looked } = flow;
  if (looked.at === "looking")
    return <p className="appear-late py-6 text-center text-fg-3">{words.looking}</p>;
  if (looked.at === "failed") return <ErrorBox failure={looked.failure} onRetry={flow.look} />;
  if (looked.found.length === 0)
    return <EmptyState icon={<SearchX />} title={words.none.title} text={words.none.text} />;
  return <ImportList found={looked.found} flow={flow} />;
}
