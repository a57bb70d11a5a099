/* A link that another program handed over: what it would do, before it does anything. */
import { Link2, Unlink } from "lucide-react";
import { useRef } from "react";
import { attempt } from "@/app/operations";
import { useCore } from "@/app/store";
import { Button, Dialog, ErrorBox, Fact, Facts } from "@/components";
import { type LinkRequest, type LinkTarget, linkAnswer } from "@/ipc";
import { messages } from "@/messages";

const words = messages.links;

/** The oldest link that waits. `onFollow` gets where it leads once the person said yes. */
export function Links({ onFollow }: { onFollow: (target: LinkTarget) => void }) {
  const first = useCore((state) => state.links[0]);
  return first ? <LinkDialog key={first.id} link={first} onFollow={onFollow} /> : null;
}

function LinkDialog({ link, onFollow }: { link: LinkRequest; onFollow: (target: LinkTarget) => void }) {
  const ignore = useRef<HTMLButtonElement>(null);
  const { target } = link;
  const answer = async (answer: "follow" | "ignore") => {
    const answered = await attempt(linkAnswer({ link_id: link.id, answer }));
    if (answered?.target) onFollow(answered.target);
  };
  const isNowhere = target.target === "nowhere";
  const Icon = isNowhere ? Unlink : Link2;
  return (
    <Dialog
      title={titleOf(target)}
      lead={words.lead}
      icon={
        <span className="flex size-8 shrink-0 items-center justify-center rounded-card bg-accent-soft text-accent">
          <Icon />
        </span>
      }
      mustAnswer
      initialFocus={ignore}
      onClose={() => void answer("ignore")}
      width={480}
      footer={
        <>
          <Button ref={ignore} onClick={() => void answer("ignore")}>
            {isNowhere ? words.close : words.ignore}
          </Button>
          {!isNowhere && (
            <Button tone="main" onClick={() => void answer("follow")}>
              {target.target === "add_connection" ? words.fill : words.follow}
            </Button>
          )}
        </>
      }
    >
      <Preview target={target} />
      <p className="mt-3 text-fg-3 text-small">{words.link}</p>
      <p className="max-h-20 overflow-y-auto break-all font-mono text-fg-2" data-selectable>
        {link.text}
      </p>
    </Dialog>
  );
}

function titleOf(target: LinkTarget): string {
  switch (target.target) {
    case "workspace":
    case "lab":
      return words.workspaceTitle(target.name);
    case "connection":
    case "tunnel":
      return words.connectionTitle(target.name);
    case "add_connection":
      return words.addTitle(target.host);
    case "nowhere":
      return words.nowhereTitle;
  }
}

function Preview({ target }: { target: LinkTarget }) {
  switch (target.target) {
    case "workspace":
      return <p>{words.showWorkspace(target.name, target.connection_name)}</p>;
    case "connection":
      return <p>{words.showConnection(target.name)}</p>;
    case "lab":
      return <p>{words.showLab(target.name, target.connection_name)}</p>;
    case "tunnel":
      return <p>{words.showTunnel(target.name)}</p>;
    case "add_connection":
      return (
        <>
          <Facts>
            <Fact name={words.name}>{target.name ?? words.notSet}</Fact>
            <Fact name={words.address}>
              <span className="font-mono">
                {target.host}:{target.port}
              </span>
            </Fact>
            <Fact name={words.user}>{target.user ?? words.notSet}</Fact>
          </Facts>
          <p className="mt-3 text-fg-2">{words.addHelp}</p>
        </>
      );
    case "nowhere":
      return <ErrorBox failure={target.failure} />;
  }
}
