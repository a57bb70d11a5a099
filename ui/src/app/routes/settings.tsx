/* The settings with what other features let a person set. */
import { Code, Import } from "lucide-react";
import { openDialog } from "@/app/dialogs";
import { Button } from "@/components";
import { EditorsCard } from "@/features/open-in";
import { row, SettingsPage, type SettingsSection } from "@/features/settings";
import { messages } from "@/messages";

const editors: SettingsSection = {
  id: "editors",
  title: messages.openIn.settings.title,
  icon: <Code />,
  rows: [{ id: "editors", label: messages.openIn.settings.title, content: <EditorsCard /> }],
};

const { settings: words, open } = messages.importing;

const importing: SettingsSection = {
  id: "import",
  title: words.title,
  icon: <Import />,
  rows: [
    row({
      id: "servers",
      label: words.servers,
      help: words.help,
      control: (control) => (
        <Button {...control} onClick={() => openDialog({ dialog: "import" })}>
          {open}
        </Button>
      ),
    }),
  ],
};

export function SettingsRoute({ section }: { section?: string }) {
  return <SettingsPage section={section} extra={[editors, importing]} />;
}
