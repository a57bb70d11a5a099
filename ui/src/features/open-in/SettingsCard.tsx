import { type ReactNode, useEffect, useState } from "react";
import { openDialog } from "@/app/dialogs";
import { attempt } from "@/app/operations";
import { useCore } from "@/app/store";
import { showToast } from "@/app/toasts";
import { Button, CopyText, ErrorBox, Select } from "@/components";
import {
  type Editor,
  type Failure,
  type SshConfigView,
  settingsSet,
  sshConfigExclude,
  sshConfigGet,
  sshConfigInclude,
  toFailure,
} from "@/ipc";
import { messages } from "@/messages";
import { sshConfigChanged, useSshConfigChange } from "./config";
import { EDITORS } from "./menu";
import { useEditors } from "./open";

const words = messages.openIn.settings;

/** Which editor comes first, and whether plain `ssh` knows Moorline's names. */
export function EditorsCard() {
  const settings = useCore((state) => state.settings);
  const editors = useEditors((state) => state.editors);
  if (!settings) return null;
  const nameOf = (editor: Editor) => {
    const view = editors.find((one) => one.editor === editor);
    const name =
      editor === "terminal" ? messages.openIn.names.terminal : (view?.name ?? messages.openIn.names[editor]);
    return view && view.program === null ? words.missing(name) : name;
  };
  return (
    <div className="flex flex-col gap-3 py-3">
      <Row label={words.editor}>
        <Select
          aria-label={words.editor}
          className="w-56!"
          value={settings.editor}
          options={EDITORS.map((value) => ({ value, label: nameOf(value) }))}
          onChange={(editor) => void attempt(settingsSet({ ...settings, editor: editor as Editor }))}
        />
      </Row>
      <ConfigRows />
    </div>
  );
}

function ConfigRows() {
  const [config, setConfig] = useState<SshConfigView | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const change = useSshConfigChange();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change asks again
  useEffect(() => {
    sshConfigGet().then(setConfig, (thrown: unknown) => setFailure(toFailure(thrown)));
  }, [change]);
  const remove = async () => {
    if (!(await attempt(sshConfigExclude()))) return;
    sshConfigChanged();
    const undo = async () => {
      if (await attempt(sshConfigInclude())) sshConfigChanged();
    };
    showToast({
      tone: "info",
      text: words.removed,
      action: { label: words.undo, run: () => void undo() },
      expiresMs: 8000,
    });
  };
  if (failure) return <ErrorBox failure={failure} />;
  if (!config) return null;
  return (
    <>
      <Row label={words.config}>
        <span className="flex items-center gap-3">
          <span className="text-fg-3">
            {config.is_included ? words.included(config.aliases.length) : words.notIncluded}
          </span>
          {config.is_included ? (
            <Button onClick={() => void remove()}>{words.remove}</Button>
          ) : (
            <Button onClick={() => openDialog({ dialog: "ssh-config", next: null })}>{words.add}</Button>
          )}
        </span>
      </Row>
      <Row label={words.file}>
        <CopyText text={config.managed_file} />
      </Row>
    </>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-h-8 min-w-0 items-center justify-between gap-4">
      <span className="shrink-0 text-fg-2">{label}</span>
      {children}
    </div>
  );
}
