import { ShieldCheck } from "lucide-react";
import { useCore } from "@/app/store";
import { messages } from "@/messages";
import { row, type SettingsSection } from "../frame";

const words = messages.settings.secrets;

export function useSecrets(): SettingsSection {
  const secrets = useCore((state) => state.info?.secrets);
  const section = { id: "secrets", title: words.title, icon: <ShieldCheck /> };
  if (!secrets) return { ...section, rows: [] };
  const isKeychain = secrets.kept_in === "keychain";
  const place = isKeychain
    ? words.keychain(secrets.name)
    : secrets.is_unlocked
      ? words.vaultOpen
      : words.vaultLocked;
  const where = row({
    id: "where",
    label: words.place,
    help: isKeychain ? words.keychainHelp : words.vaultHelp,
    control: (control) => (
      <output id={control.id} className="text-fg-2">
        {place}
      </output>
    ),
  });
  return { ...section, rows: [where] };
}
