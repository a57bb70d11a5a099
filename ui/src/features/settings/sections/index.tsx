import type { SettingsSection } from "../frame";
import { useSettings } from "../useSettings";
import { useAbout } from "./about";
import { useAppearance } from "./appearance";
import { useData } from "./data";
import { useIde } from "./ide";
import { useNumbers } from "./numbers";
import { useSecrets } from "./secrets";
import { useUpdates } from "./updates";
import { useWindow } from "./window";

/** The sections of this feature; data and about stand last. */
export function useOwnSections(): readonly SettingsSection[] {
  const use = useSettings();
  const { terminal, ssh } = useNumbers(use);
  return [
    useAppearance(use),
    useWindow(use),
    terminal,
    useIde(use),
    ssh,
    useSecrets(),
    useUpdates(use),
    useData(),
    useAbout(),
  ].filter((section) => section.rows.length > 0);
}
