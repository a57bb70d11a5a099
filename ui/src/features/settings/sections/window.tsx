import { AppWindow } from "lucide-react";
import { useCore } from "@/app/store";
import { Switch } from "@/components";
import { messages } from "@/messages";
import { row, type SettingsSection } from "../frame";
import type { useSettings } from "../useSettings";

const words = messages.settings.window;

export function useWindow({ settings, change, problem }: ReturnType<typeof useSettings>): SettingsSection {
  const isDesktop = useCore((state) => state.info?.is_desktop ?? false);
  const section = { id: "window", title: words.title, icon: <AppWindow /> };
  if (!settings || !isDesktop) return { ...section, rows: [] };
  const refused = problem?.field === "start_at_login" ? messages.sentence(problem.message) : null;
  const rows = [
    row({
      id: "start-at-login",
      label: words.startAtLogin,
      help: words.startAtLoginHelp,
      error: refused && `${refused} ${problem?.hint ?? ""}`,
      control: (control) => (
        <Switch
          {...control}
          checked={settings.start_at_login}
          onChange={(start_at_login) => change({ start_at_login })}
        />
      ),
    }),
    row({
      id: "start-hidden",
      label: words.startHidden,
      help: words.startHiddenHelp,
      control: (control) => (
        <Switch
          {...control}
          checked={settings.start_hidden}
          disabled={!settings.start_at_login}
          onChange={(start_hidden) => change({ start_hidden })}
        />
      ),
    }),
    row({
      id: "close-to-tray",
      label: words.closeToTray,
      help: words.closeToTrayHelp,
      control: (control) => (
        <Switch
          {...control}
          checked={settings.close_to_tray}
          onChange={(close_to_tray) => change({ close_to_tray })}
        />
      ),
    }),
    row({
      id: "notifications",
      label: words.notifications,
      help: words.notificationsHelp,
      control: (control) => (
        <Switch
          {...control}
          checked={settings.notifications}
          onChange={(notifications) => change({ notifications })}
        />
      ),
    }),
  ];
  return { ...section, rows };
}
