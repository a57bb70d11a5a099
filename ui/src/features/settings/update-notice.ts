/* Says once for each new version that it is out. */
import { goTo, history, paths } from "@/app/navigation";
import { useCore } from "@/app/store";
import { showToast } from "@/app/toasts";
import { messages } from "@/messages";

const words = messages.settings.updates;

/** Watches until stopped. */
export function watchUpdates(): () => void {
  let told: string | null = null;
  return useCore.subscribe(({ update }) => {
    if (update.at !== "available" || update.offer.version === told) return;
    told = update.offer.version;
    if (history.location.pathname.startsWith(paths.settings())) return;
    showToast({
      id: "update",
      tone: "info",
      text: words.available(told),
      action: { label: words.show, run: () => goTo(paths.settings("updates")) },
    });
  });
}
