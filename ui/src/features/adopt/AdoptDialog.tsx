/* Before adopting: who works in it, where its project is from, and what stays as it is. */
import { useCallback, useEffect, useState } from "react";
import { useWorkspace } from "@/app/store";
import { showToast } from "@/app/toasts";
import { Button, Dialog, ErrorBox, Fact, Facts, Field, Input } from "@/components";
import {
  type AdoptionOffer,
  type Failure,
  toFailure,
  type WorkspaceRef,
  workspaceAdopt,
  workspaceAdoption,
} from "@/ipc";
import { messages } from "@/messages";

const words = messages.adopt;

export function AdoptDialog({ workspace, onClose }: { workspace: WorkspaceRef; onClose: () => void }) {
  const view = useWorkspace(workspace);
  const name = view?.workspace.name ?? "";
  const isAdopted = view?.adoption != null;
  const [user, setUser] = useState<string | null>(view?.adoption?.user ?? null);
  const { offer, failure, look } = useOffer(workspace);
  const [refused, setRefused] = useState<Failure | null>(null);
  const [isSending, setSending] = useState(false);
  const shownUser = user ?? offer?.user ?? "";
  const submit = () => {
    if (!offer || isSending) return;
    setSending(true);
    workspaceAdopt({ workspace, user: shownUser.trim() || null }).then(
      () => {
        if (!isAdopted) showToast({ tone: "ok", text: words.adopted(name), expiresMs: 5000 });
        onClose();
      },
      (thrown) => {
        setRefused(toFailure(thrown));
        setSending(false);
      },
    );
  };
  return (
    <Dialog
      title={words.title(name)}
      lead={words.lead}
      onClose={onClose}
      width={460}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{messages.cancel}</Button>
          <Button tone="main" type="submit" disabled={!offer || isSending}>
            {isAdopted ? words.save : words.submit}
          </Button>
        </>
      }
    >
      {failure && <ErrorBox failure={failure} onRetry={look} />}
      {refused && <ErrorBox failure={refused} className="mb-3" />}
      {!offer && !failure && <p className="appear-late text-fg-3">{words.looking(name)}</p>}
      {offer && (
        <div className="flex flex-col gap-3.5">
          <Field label={words.user} help={words.userHelp}>
            {(control) => (
              <Input {...control} mono value={shownUser} onChange={(event) => setUser(event.target.value)} />
            )}
          </Field>
          <Found offer={offer} />
        </div>
      )}
    </Dialog>
  );
}

function Found({ offer: { branch, repository, facts } }: { offer: AdoptionOffer }) {
  return (
    <>
      {(branch || repository) && (
        <Facts>
          {branch && (
            <Fact name={words.branch}>
              <span className="font-mono">{branch}</span>
            </Fact>
          )}
          {repository && (
            <Fact name={words.repository}>
              <span className="font-mono" title={repository}>
                {repository}
              </span>
            </Fact>
          )}
        </Facts>
      )}
      {facts.length > 0 && (
        <section>
          <h3 className="font-[550] text-fg-2">{words.stays}</h3>
          <ul className="mt-1 flex list-disc flex-col gap-1 pl-4 text-fg-2 marker:text-fg-3">
            {facts.map((fact) => (
              <li key={fact}>{fact}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** What the server says of it, asked once and again on request. */
function useOffer({ connection_id, workspace_id }: WorkspaceRef) {
  const [offer, setOffer] = useState<AdoptionOffer | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const look = useCallback(() => {
    setFailure(null);
    workspaceAdoption({ workspace: { connection_id, workspace_id } }).then(setOffer, (thrown) =>
      setFailure(toFailure(thrown)),
    );
  }, [connection_id, workspace_id]);
  useEffect(look, [look]);
  return { offer, failure, look };
}
