import { Plus, X } from "lucide-react";
import { useEffect, useState } from "react";
import { attempt } from "@/app/operations";
import { Button, IconButton, Menu } from "@/components";
import { type SshHost, sshHostsList } from "@/ipc";
import { messages } from "@/messages";
import { type Problems, problemsOfJump } from "./connection-draft";
import { HostForm } from "./HostForm";
import { draftOfHost, type HostDraft, newHost } from "./host-draft";

const words = messages.connections.host;

interface JumpListProps {
  jumps: HostDraft[];
  problems: Problems;
  onChange: (jumps: HostDraft[]) => void;
}

/** The machines on the way, nearest to this computer first. */
export function JumpList({ jumps, problems, onChange }: JumpListProps) {
  const known = useKnownHosts();
  const isUsed = ({ id }: SshHost) => jumps.some((jump) => jump.id === id);
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-fg-2">{words.jumps}</legend>
      {jumps.length > 0 && <p className="text-fg-3">{words.jumpsHelp}</p>}
      {jumps.map((jump, index) => (
        <section
          key={jump.key}
          data-jump={index}
          aria-label={words.jump(index + 1)}
          className="rounded-card border bg-panel p-3"
        >
          <div className="mb-2 flex items-center justify-between">
            <h3 className="font-[550]">{words.jump(index + 1)}</h3>
            <IconButton
              label={words.removeJump(index + 1)}
              icon={<X className="size-3.5!" />}
              onClick={() => onChange(jumps.filter(({ key }) => key !== jump.key))}
            />
          </div>
          <HostForm
            isJump
            host={jump}
            problems={problemsOfJump(problems, index)}
            onChange={(next) => onChange(jumps.map((old) => (old.key === jump.key ? next : old)))}
          />
        </section>
      ))}
      <span className="-ml-2">
        <Menu
          align="start"
          groups={[
            [{ id: "new", label: words.newJump, run: () => onChange([...jumps, newHost()]) }],
            known
              .filter((host) => host.jumps.length === 0 && !isUsed(host))
              .map((host) => ({
                id: host.id,
                label: hostLabel(host),
                run: () => onChange([...jumps, draftOfHost(host, [])]),
              })),
          ]}
          trigger={
            <Button tone="quiet" className="px-2!" icon={<Plus className="size-3.5!" />}>
              {words.addJump}
            </Button>
          }
        />
      </span>
    </fieldset>
  );
}

/** "alice@forge-1", with the port when it is not 22. */
export function hostLabel({ user, addresses }: SshHost): string {
  const first = addresses[0];
  return `${user}@${first?.host ?? "?"}${first && first.port !== 22 ? `:${first.port}` : ""}`;
}

function useKnownHosts(): SshHost[] {
  const [known, setKnown] = useState<SshHost[]>([]);
  useEffect(() => {
    void attempt(sshHostsList()).then((hosts) => hosts && setKnown(hosts));
  }, []);
  return known;
}
