import { FileText, FolderOpen } from "lucide-react";
import { Button } from "@/components";
import { messages } from "@/messages";

const words = messages.create.buildFirst;

/** From a Containerfile: the image is built first, then this form comes back with it. */
export function BuildFirst({
  server,
  onBuild,
}: {
  server: string;
  onBuild: (source: "folder" | "text") => void;
}) {
  return (
    <section aria-label={words.title} className="flex flex-col gap-3 rounded-card border bg-panel p-4">
      <p className="text-fg-2">{words.text(server)}</p>
      <div className="flex flex-wrap gap-2">
        <Button data-autofocus tone="main" icon={<FolderOpen />} onClick={() => onBuild("folder")}>
          {words.folder}
        </Button>
        <Button icon={<FileText />} onClick={() => onBuild("text")}>
          {words.typed}
        </Button>
      </div>
    </section>
  );
}
