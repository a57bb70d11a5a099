import { TriangleAlert } from "lucide-react";
import { useRef, useState } from "react";
import { useWorkspace } from "@/app/store";
import { Button, cx, Dialog, ErrorBox, Field, Input } from "@/components";
import { type RemoveVolumes, type WorkspaceRef, workspaceRemove } from "@/ipc";
import { messages } from "@/messages";
import { RemoteChoice, useRemote } from "./RemoteChoice";
import { useDetail } from "./useDetail";
import { useSubmit } from "./useSubmit";

const words = messages.workspaces.remove;

/** Removing the container can be made good again while the volumes stay; deleting them cannot, and
    has to be confirmed by typing the name. */
export function RemoveDialog({ workspace, onClose }: { workspace: WorkspaceRef; onClose: () => void }) {
  const view = useWorkspace(workspace);
  return view ? <Content view={view} onClose={onClose} /> : null;
}

function Content({
  view,
  onClose,
}: {
  view: NonNullable<ReturnType<typeof useWorkspace>>;
  onClose: () => void;
}) {
  const { name } = view.workspace;
  const [volumes, setVolumes] = useState<RemoveVolumes>("keep");
  const [typed, setTyped] = useState("");
  const cancel = useRef<HTMLButtonElement>(null);
  const { detail } = useDetail(view);
  const remote = useRemote(view.workspace_ref);
  const [isRemoteRemoved, setRemoteRemoved] = useState(true);
  const { isSending, failure, submit } = useSubmit(onClose);
  const isConfirmed = volumes === "keep" || typed === name;
  const canSend = isConfirmed && !isSending;
  const names = detail?.volumes.map((volume) => volume.name) ?? [];
  const send = () =>
    workspaceRemove({ workspace: view.workspace_ref, volumes, keeps_remote: !isRemoteRemoved });
  return (
    <Dialog
      title={words.title(name)}
      lead={words.lead(view.connection_name)}
      icon={
        <span className="flex size-8 shrink-0 items-center justify-center rounded-card bg-err-soft text-err">
          <TriangleAlert />
        </span>
      }
      onClose={onClose}
      initialFocus={cancel}
      width={500}
      onSubmit={() => canSend && submit(send)}
      footer={
        <>
          <Button ref={cancel} onClick={onClose}>
            {messages.cancel}
          </Button>
          <Button tone="danger-main" type="submit" disabled={!canSend}>
            {volumes === "keep" ? words.submit : words.submitAll}
          </Button>
        </>
      }
    >
      {failure && <ErrorBox failure={failure} className="mb-3" />}
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1.5 text-fg-2">{words.volumes}</legend>
        {detail && (
          <p className="mb-1 break-words font-mono text-fg-2">
            {names.length > 0 ? names.join(", ") : words.noVolumes}
          </p>
        )}
        <Choice
          label={words.keep}
          help={words.keepHelp}
          isChosen={volumes === "keep"}
          onChoose={() => setVolumes("keep")}
        />
        <Choice
          label={words.delete}
          help={words.deleteHelp}
          isChosen={volumes === "delete"}
          onChoose={() => setVolumes("delete")}
        />
      </fieldset>
      {remote && <RemoteChoice {...remote} isRemoved={isRemoteRemoved} onChange={setRemoteRemoved} />}
      {volumes === "delete" && <WhatGoes name={name} volumes={names} />}
      {volumes === "delete" && (
        <Field label={words.typeName(name)} className="mt-3">
          {(control) => (
            <Input {...control} mono value={typed} onChange={(event) => setTyped(event.target.value)} />
          )}
        </Field>
      )}
    </Dialog>
  );
}

/** Everything that cannot be brought back, one a line. */
function WhatGoes({ name, volumes }: { name: string; volumes: readonly string[] }) {
  return (
    <ul aria-label={words.goes} className="mt-3 rounded-card border border-err bg-err-soft px-3 py-2">
      <li>{words.container(name)}</li>
      {volumes.map((volume) => (
        <li key={volume} className="wrap-anywhere">
          {words.volume} <span className="font-mono">{volume}</span>
        </li>
      ))}
    </ul>
  );
}

interface ChoiceProps {
  label: string;
  help: string;
  isChosen: boolean;
  onChoose: () => void;
}

function Choice({ label, help, isChosen, onChoose }: ChoiceProps) {
  return (
    <label
      className={cx(
        "eased flex items-start gap-2.5 rounded-card border px-3 py-2 has-focus-visible:outline-2 has-focus-visible:outline-accent",
        isChosen ? "border-accent-line bg-selected" : "border-line hover:bg-hover",
      )}
    >
      <input
        type="radio"
        name="volumes"
        checked={isChosen}
        onChange={onChoose}
        className="mt-1 accent-accent outline-none!"
      />
      <span>
        <span className="block font-[550]">{label}</span>
        <span className="text-fg-2">{help}</span>
      </span>
    </label>
  );
}
