import { Palette } from "lucide-react";
import { Segments, Select } from "@/components";
import type { ColorScheme, Density } from "@/ipc";
import { languages, messages, switchLanguage } from "@/messages";
import { row, type SettingsSection } from "../frame";
import type { useSettings } from "../useSettings";

const words = messages.settings.appearance;

const SCHEMES: { value: ColorScheme; label: string }[] = [
  { value: "system", label: words.system },
  { value: "light", label: words.light },
  { value: "dark", label: words.dark },
];
const DENSITIES: { value: Density; label: string }[] = [
  { value: "comfortable", label: words.comfortable },
  { value: "compact", label: words.compact },
];

export function useAppearance({ settings, change }: ReturnType<typeof useSettings>): SettingsSection {
  const section = { id: "appearance", title: words.title, icon: <Palette /> };
  if (!settings) return { ...section, rows: [] };
  const rows = [
    row({
      id: "scheme",
      label: words.scheme,
      help: words.schemeHelp,
      control: () => (
        <Segments
          label={words.scheme}
          segments={SCHEMES}
          value={settings.color_scheme}
          onChange={(color_scheme) => change({ color_scheme })}
        />
      ),
    }),
    row({
      id: "density",
      label: words.density,
      help: words.densityHelp,
      control: () => (
        <Segments
          label={words.density}
          segments={DENSITIES}
          value={settings.density}
          onChange={(density) => change({ density })}
        />
      ),
    }),
    row({
      id: "language",
      label: words.language,
      help: words.languageHelp,
      control: (control) => (
        <Select
          control={control}
          className="w-56!"
          value={settings.language === "" ? "system" : settings.language}
          options={[{ value: "system", label: words.languageSystem }, ...languages()]}
          onChange={(chosen) => {
            const language = chosen === "system" ? "" : chosen;
            change({ language });
            switchLanguage(language);
          }}
        />
      ),
    }),
  ];
  return { ...section, rows };
}
