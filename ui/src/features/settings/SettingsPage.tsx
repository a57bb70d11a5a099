/* All settings. Each change is kept at once; a refused one says why at its place. */
import type { ReactNode } from "react";
import { useCore } from "@/app/store";
import { Card, CopyText, Field, PageHeader, Segments, Select, Switch } from "@/components";
import type { AppInfo, ColorScheme } from "@/ipc";
import { messages } from "@/messages";
import { NumberSetting } from "./NumberSetting";
import { useSettings } from "./useSettings";

const words = messages.settings;

const SCHEMES: { value: ColorScheme; label: string }[] = [
  { value: "system", label: words.appearance.system },
  { value: "light", label: words.appearance.light },
  { value: "dark", label: words.appearance.dark },
];

/** `cards` are what other features let a person set. */
export function SettingsPage({ cards }: { cards?: ReactNode }) {
  const { settings, change, problem } = useSettings();
  const info = useCore((state) => state.info);
  if (!settings) return <PageHeader title={words.title} />;
  const number = (name: "terminal_font_size" | "terminal_scrollback" | "keepalive_seconds") => ({
    value: settings[name],
    onChange: (value: number) => change({ [name]: value }),
    refused: problem?.field === name ? messages.sentence(problem.message) : null,
  });
  return (
    <>
      <PageHeader title={words.title} />
      <div className="min-h-0 grow overflow-y-auto">
        <div className="flex max-w-172 flex-col gap-3.5 p-5">
          <Card title={words.appearance.title}>
            <Row label={words.appearance.scheme}>
              <Segments
                label={words.appearance.scheme}
                segments={SCHEMES}
                value={settings.color_scheme}
                onChange={(color_scheme) => change({ color_scheme })}
              />
            </Row>
          </Card>
          <Card title={words.terminal.title}>
            <div className="flex flex-col gap-3">
              <NumberSetting
                label={words.terminal.fontSize}
                help={words.terminal.fontHelp}
                unit={words.terminal.pixels}
                min={9}
                max={24}
                {...number("terminal_font_size")}
              />
              <NumberSetting
                label={words.terminal.scrollback}
                help={words.terminal.scrollbackHelp}
                unit={words.terminal.lines}
                min={100}
                max={100_000}
                {...number("terminal_scrollback")}
              />
            </div>
          </Card>
          <Card title={words.ssh.title}>
            <NumberSetting
              label={words.ssh.keepalive}
              help={words.ssh.keepaliveHelp}
              unit={words.ssh.seconds}
              min={5}
              max={300}
              {...number("keepalive_seconds")}
            />
          </Card>
          <Card title={words.ide.title}>
            <Row label={words.ide.where}>
              <Select
                aria-label={words.ide.where}
                className="w-56!"
                value={settings.open_ide_in_browser ? "browser" : "window"}
                options={[
                  { value: "window", label: words.ide.window },
                  { value: "browser", label: words.ide.browser },
                ]}
                onChange={(where) => change({ open_ide_in_browser: where === "browser" })}
              />
            </Row>
          </Card>
          {cards}
          {info?.is_desktop && (
            <Card title={words.window.title}>
              <Field label={words.window.closeToTray} help={words.window.closeToTrayHelp} isRow>
                {(control) => (
                  <Switch
                    {...control}
                    checked={settings.close_to_tray}
                    onChange={(close_to_tray) => change({ close_to_tray })}
                  />
                )}
              </Field>
            </Card>
          )}
          {info && <SecretsCard info={info} />}
          {info && <AboutCard info={info} />}
        </div>
      </div>
    </>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-h-8 items-center justify-between gap-4">
      <span className="text-fg-2">{label}</span>
      {children}
    </div>
  );
}

function SecretsCard({ info: { secrets } }: { info: AppInfo }) {
  const { keychain, vaultOpen, vaultLocked, vaultHelp, title, place } = words.secrets;
  const text =
    secrets.kept_in === "keychain" ? keychain(secrets.name) : secrets.is_unlocked ? vaultOpen : vaultLocked;
  return (
    <Card title={title}>
      <Row label={place}>
        <span>{text}</span>
      </Row>
      {secrets.kept_in === "vault" && <p className="text-fg-3">{vaultHelp}</p>}
    </Card>
  );
}

function AboutCard({ info }: { info: AppInfo }) {
  return (
    <Card title={words.about.title}>
      <Row label={words.about.version}>
        <CopyText text={info.version} />
      </Row>
      <Row label={words.about.data}>
        <CopyText text={info.data_folder} />
      </Row>
    </Card>
  );
}
