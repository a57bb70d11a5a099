/* The support bundle: every file of it can be read, and left out, before it is saved. */
import { FileText, ShieldCheck } from "lucide-react";
import { useCallback, useEffect, useMemo, useState } from "react";
import { goTo, paths } from "@/app/navigation";
import { showFailure, showToast } from "@/app/toasts";
import { Button, cx, ErrorBox, formatBytes, PageHeader } from "@/components";
import { LogPane } from "@/components/log";
import {
  type AppError,
  type SupportBundle,
  type SupportFile,
  supportPreview,
  supportSave,
  toFailure,
} from "@/ipc";
import { messages } from "@/messages";
import { TextSource } from "./text-source";

const words = messages.support;
const SAID_MS = 8000;

export function SupportPage() {
  const { bundle, failure, gather } = useBundle();
  const [without, setWithout] = useState<ReadonlySet<string>>(new Set());
  const [name, setName] = useState<string | null>(null);
  const files = bundle?.files ?? [];
  const shown = files.find((file) => file.name === name) ?? files[0];
  const save = async () => {
    try {
      const { path } = await supportSave({ without: [...without] });
      if (path !== null) showToast({ tone: "ok", text: words.saved(path), expiresMs: SAID_MS });
    } catch (thrown) {
      const refused = toFailure(thrown);
      showFailure(refused.code === "unsupported" ? { ...refused, hint: words.unsupported } : refused);
    }
  };
  const include = (file: string, isIncluded: boolean) =>
    setWithout((before) => {
      const next = new Set(before);
      if (isIncluded) next.delete(file);
      else next.add(file);
      return next;
    });
  return (
    <>
      <PageHeader
        title={words.title}
        parent={{ label: messages.settings.title, go: () => goTo(paths.settings("data")) }}
        actions={
          <>
            <Button onClick={gather}>{words.again}</Button>
            <Button
              tone="main"
              disabled={!bundle || without.size === files.length}
              onClick={() => void save()}
            >
              {words.save}
            </Button>
          </>
        }
      />
      <div className="flex items-start gap-2.5 border-b px-5 py-3 text-fg-2">
        <ShieldCheck className="mt-0.5 shrink-0 text-accent" />
        <p className="max-w-180">
          {words.lead} {bundle && words.replaced(bundle.replaced)} {words.nothingSent}
        </p>
      </div>
      {failure && <ErrorBox failure={failure} onRetry={gather} className="m-5" />}
      {!bundle && !failure && <p className="appear-late m-auto text-fg-3">{words.making}</p>}
      {shown && (
        <div className="flex min-h-0 grow">
          <FileList files={files} shown={shown.name} without={without} onShow={setName} onInclude={include} />
          <FileView key={shown.name} file={shown} />
        </div>
      )}
    </>
  );
}

function useBundle() {
  const [bundle, setBundle] = useState<SupportBundle | null>(null);
  const [failure, setFailure] = useState<AppError | null>(null);
  const gather = useCallback(() => {
    supportPreview().then(
      (made) => {
        setFailure(null);
        setBundle(made);
      },
      (thrown) => setFailure(toFailure(thrown)),
    );
  }, []);
  useEffect(gather, [gather]);
  return { bundle, failure, gather };
}

interface FileListProps {
  files: readonly SupportFile[];
  shown: string;
  without: ReadonlySet<string>;
  onShow: (name: string) => void;
  onInclude: (name: string, isIncluded: boolean) => void;
}

function FileList({ files, shown, without, onShow, onInclude }: FileListProps) {
  return (
    <ul aria-label={words.files} className="w-76 shrink-0 overflow-y-auto border-r p-2">
      {files.map(({ name, about, text }) => (
        <li
          key={name}
          className={cx(
            "flex items-start gap-2.5 rounded-control px-2.5 py-2",
            name === shown && "bg-selected",
          )}
        >
          <input
            type="checkbox"
            aria-label={words.include(name)}
            className="mt-1 accent-accent"
            checked={!without.has(name)}
            onChange={(event) => onInclude(name, event.target.checked)}
          />
          <button
            type="button"
            aria-current={name === shown ? "true" : undefined}
            onClick={() => onShow(name)}
            className="min-w-0 grow rounded-control text-left"
          >
            <span className="flex items-center gap-2">
              <FileText className="shrink-0 text-fg-3" />
              <span className="truncate font-mono">{name}</span>
              <span className="ml-auto shrink-0 text-fg-3 text-small">{formatBytes(text.length)}</span>
            </span>
            <span className="text-fg-2">{about}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function FileView({ file }: { file: SupportFile }) {
  const source = useMemo(() => new TextSource(file.text), [file.text]);
  return (
    <section aria-label={words.content(file.name)} className="flex min-w-0 grow flex-col">
      <LogPane source={source} label={words.content(file.name)} endsQuietly isText />
    </section>
  );
}
