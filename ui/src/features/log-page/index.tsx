/* Moorline's own log: what it did and what went wrong, as it happens. */
import { useCallback, useState } from "react";
import { saveLog, useLog } from "@/app/log";
import { goTo, paths } from "@/app/navigation";
import { Button, PageHeader, Segments } from "@/components";
import { LogPane } from "@/components/log";
import { journalOpen, journalSave, type LogLevel } from "@/ipc";
import { messages } from "@/messages";

const words = messages.journal;
const LEVELS: { value: LogLevel; label: string }[] = [
  { value: "error", label: words.level.error },
  { value: "warn", label: words.level.warn },
  { value: "info", label: words.level.info },
  { value: "debug", label: words.level.debug },
];

export function LogPage() {
  const [level, setLevel] = useState<LogLevel>("info");
  const open = useCallback((stream: number) => journalOpen({ level, stream }), [level]);
  const { feed, again } = useLog(open);
  return (
    <>
      <PageHeader
        title={words.title}
        parent={{ label: messages.settings.title, go: () => goTo(paths.settings("data")) }}
        tools={<Segments label={words.levels} segments={LEVELS} value={level} onChange={setLevel} />}
        actions={<Button onClick={() => goTo(paths.support())}>{words.toSupport}</Button>}
      />
      <LogPane
        key={level}
        source={feed}
        label={words.name}
        onSave={() => void saveLog(() => journalSave({ level }), feed.buffer, words.fileName)}
        onAgain={again}
      />
    </>
  );
}
