/* The settings with what other features let a person set. */
import { Code } from "lucide-react";
import { EditorsCard } from "@/features/open-in";
import { SettingsPage, type SettingsSection } from "@/features/settings";
import { messages } from "@/messages";

const editors: SettingsSection = {
  id: "editors",
  title: messages.openIn.settings.title,
  icon: <Code />,
  rows: [{ id: "editors", label: messages.openIn.settings.title, content: <EditorsCard /> }],
};

export function SettingsRoute({ section }: { section?: string }) {
  return <SettingsPage section={section} extra={[editors]} />;
}
