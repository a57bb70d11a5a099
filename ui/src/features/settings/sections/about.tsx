import { Info } from "lucide-react";
import { useCore } from "@/app/store";
import { CopyText } from "@/components";
import { messages } from "@/messages";
import { row, type SettingsSection } from "../frame";

const words = messages.settings.about;

export function useAbout(): SettingsSection {
  const info = useCore((state) => state.info);
  const section = { id: "about", title: words.title, icon: <Info /> };
  if (!info) return { ...section, rows: [] };
  const rows = [
    row({
      id: "version",
      label: words.version,
      help: words.versionHelp,
      control: () => <CopyText text={`${messages.product} ${info.version} (${info.platform})`} />,
    }),
    row({
      id: "license",
      label: words.license,
      help: words.licenseHelp,
      control: () => <span className="text-fg-2">{words.licenseName}</span>,
    }),
    row({
      id: "telemetry",
      label: words.telemetry,
      help: words.telemetryHelp,
      control: () => <span className="text-fg-2">{words.none}</span>,
    }),
  ];
  return { ...section, rows };
}
