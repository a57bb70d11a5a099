import { Database } from "lucide-react";
import { useRef } from "react";
import { openDialog } from "@/app/dialogs";
import { goTo, paths } from "@/app/navigation";
import { attempt } from "@/app/operations";
import { useCore } from "@/app/store";
import { Button, CopyText } from "@/components";
import { dataFolderOpen } from "@/ipc";
import { messages } from "@/messages";
import { exportEverything, restoreDefaults } from "../carry";
import { row, type SettingsSection } from "../frame";

const words = messages.settings.data;

export function useData(): SettingsSection {
  const info = useCore((state) => state.info);
  const section = { id: "data", title: words.title, icon: <Database /> };
  if (!info) return { ...section, rows: [] };
  const rows = [
    row({
      id: "folder",
      label: words.folder,
      help: words.folderHelp,
      control: () =>
        info.is_desktop && <Button onClick={() => void attempt(dataFolderOpen())}>{words.open}</Button>,
      below: <CopyText text={info.data_folder} className="self-start" />,
    }),
    row({ id: "carry", label: words.carry, help: words.carryHelp, control: () => <Carry /> }),
    row({
      id: "log",
      label: words.log,
      help: words.logHelp,
      control: () => <Button onClick={() => goTo(paths.log())}>{words.showLog}</Button>,
    }),
    row({
      id: "support",
      label: words.support,
      help: words.supportHelp,
      control: () => <Button onClick={() => goTo(paths.support())}>{words.makeBundle}</Button>,
    }),
    row({
      id: "defaults",
      label: words.defaults,
      help: words.defaultsHelp,
      control: () => <Button onClick={() => void restoreDefaults()}>{words.restore}</Button>,
    }),
    row({
      id: "reset",
      label: words.reset,
      help: words.resetHelp,
      control: () => (
        <Button tone="danger" onClick={() => openDialog({ dialog: "reset" })}>
          {words.resetStart}
        </Button>
      ),
    }),
  ];
  return { ...section, rows };
}

function Carry() {
  const file = useRef<HTMLInputElement>(null);
  const read = async (chosen: File | undefined) => {
    if (chosen) openDialog({ dialog: "transfer", text: await chosen.text() });
    if (file.current) file.current.value = "";
  };
  return (
    <>
      <input
        ref={file}
        type="file"
        hidden
        accept=".toml,text/plain"
        aria-label={words.import}
        onChange={(event) => void read(event.target.files?.[0])}
      />
      <Button onClick={() => file.current?.click()}>{words.import}</Button>
      <Button onClick={() => void exportEverything()}>{words.export}</Button>
    </>
  );
}
