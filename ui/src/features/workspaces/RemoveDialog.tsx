import { useState } from "react";
import { useWorkspace } from "@/app/store";
import { DangerDialog, ErrorBox, RadioCard, TypedAgain } from "@/components";
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
  const { detail, failure: unread, retry } = useDetail(view);
  const remote = useRemote(view.workspace_ref);
  const [isRemoteRemoved, setRemoteRemoved] = useState(true);
  const { isBusy, failure, send } = useSubmit(onClose);
  // Nothing is deleted that was not named before.
  const isConfirmed = volumes === "keep" || (typed === name && detail !== null);
  const names = detail?.volumes.map((volume) => volume.name) ?? [];
  const remove = () =>
    send(workspaceRemove({ workspace: view.workspace_ref, volumes, keeps_remote: !isRemoteRemoved }));
  return (
    <DangerDialog
      title={words.title(name)}
      lead={words.lead(view.connection_name)}
      width={500}
      submit={volumes === "keep" ? words.submit : words.submitAll}
      canSubmit={isConfirmed && !isBusy}
      failure={failure}
      onSubmit={remove}
      onClose={onClose}
    >
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1.5 text-fg-2">{words.volumes}</legend>
        {detail && (
          <p className="mb-1 break-words font-mono text-fg-2">
            {names.length > 0 ? names.join(", ") : words.noVolumes}
          </p>
        )}
        <RadioCard
          name="volumes"
          label={words.keep}
          help={words.keepHelp}
          isChosen={volumes === "keep"}
          onChoose={() => setVolumes("keep")}
        />
        <RadioCard
          name="volumes"
          label={words.delete}
          help={words.deleteHelp}
          isChosen={volumes === "delete"}
          onChoose={() => setVolumes("delete")}
        />
      </fieldset>
      {remote && <RemoteChoice {...remote} isRemoved={isRemoteRemoved} onChange={setRemoteRemoved} />}
      {volumes === "delete" && unread && <ErrorBox failure={unread} onRetry={retry} />}
      {volumes === "delete" && detail && <WhatGoes name={name} volumes={names} />}
      {volumes === "delete" && <TypedAgain label={words.typeName(name)} value={typed} onChange={setTyped} />}
    </DangerDialog>
  );
}

/** Everything that cannot be brought back, one a line. */
function WhatGoes({ name, volumes }: { name: string; volumes: readonly string[] }) {
  return (
    <ul aria-label={words.goes} className="rounded-card border border-err bg-err-soft px-3 py-2">
      <li>{words.container(name)}</li>
      {volumes.map((volume) => (
        <li key={volume} className="wrap-anywhere">
          {words.volume} <span className="font-mono">{volume}</span>
        </li>
      ))}
    </ul>
  );
}
