import { Globe } from "lucide-react";
import { Select } from "@/components";
import { messages } from "@/messages";
import { row, type SettingsSection } from "../frame";
import type { useSettings } from "../useSettings";

const words = messages.settings.ide;

export function useIde({ settings, change }: ReturnType<typeof useSettings>): SettingsSection {
  const section = { id: "web-ide", title: words.title, icon: <Globe /> };
  if (!settings) return { ...section, rows: [] };
  const where = row({
    id: "where",
    label: words.where,
    help: words.whereHelp,
    control: (control) => (
      <Select
        control={control}
        className="w-56!"
        value={settings.open_ide_in_browser ? "browser" : "window"}
        options={[
          { value: "window", label: words.window },
          { value: "browser", label: words.browser },
        ]}
        onChange={(chosen) => change({ open_ide_in_browser: chosen === "browser" })}
      />
    ),
  });
  return { ...section, rows: [where] };
}
