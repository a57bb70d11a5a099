import type { ReactNode } from "react";
import { useNow } from "@/app/clock";
import { goTo, paths } from "@/app/navigation";
import { useConnection } from "@/app/store";
import { Card, CopyText, ErrorBox, Fact, Facts, formatAge, formatBytes } from "@/components";
import type { Limits, Volume, WorkspaceView } from "@/ipc";
import { messages } from "@/messages";
import { PortLines } from "./PortLines";
import { useDetail } from "./useDetail";

const words = messages.workspaces;

/** About, Ports and Now, side by side, and what other features know of it. */
export function Overview({ view, now, cards }: { view: WorkspaceView; now: ReactNode; cards: ReactNode }) {
  const { detail, failure, retry } = useDetail(view);
  return (
    <div className="min-h-0 grow overflow-y-auto p-5 pt-4">
      {failure && <ErrorBox failure={failure} onRetry={retry} className="mb-4" />}
      <div className="grid grid-cols-[repeat(auto-fit,minmax(320px,1fr))] items-stretch gap-3.5">
        <AboutCard view={view} limits={detail?.limits} volumes={detail?.volumes} user={detail?.user} />
        <Card title={words.ports.title} aside={words.ports.aside}>
          <PortLines view={view} />
        </Card>
        {now}
        {cards}
      </div>
    </div>
  );
}

interface AboutProps {
  view: WorkspaceView;
  /** Undefined until the server told. */
  limits: Limits | undefined;
  volumes: Volume[] | undefined;
  user: string | null | undefined;
}

function AboutCard({ view, limits, volumes, user }: AboutProps) {
  const now = useNow(60_000);
  const connection = useConnection(view.workspace_ref.connection_id);
  const { workspace } = view;
  const server = connection?.server;
  const product = server && ` · ${[server.product, server.remark].filter(Boolean).join(", ")}`;
  const created =
    workspace.created_at === null ? null : words.about.ago(formatAge(workspace.created_at, now));
  const facts = words.about;
  const unknown = view.stale_since === null ? "…" : facts.notKnown;
  return (
    <Card title={facts.title}>
      <Facts>
        <Fact name={facts.server}>
          <button
            type="button"
            className="rounded-control hover:underline"
            onClick={() => goTo(paths.connection(view.workspace_ref.connection_id))}
          >
            {view.connection_name}
          </button>
          <span className="text-fg-3">{product}</span>
        </Fact>
        <Fact name={facts.image}>
          <CopyText text={workspace.image} className="max-w-full" />
        </Fact>
        <Fact name={facts.limits}>{limits ? limitsText(limits) : unknown}</Fact>
        {created && (
          <Fact name={facts.created}>
            {created} {workspace.owner && facts.by(workspace.owner)}
          </Fact>
        )}
        {view.adoption && (
          <Fact name={messages.adopt.about}>
            {messages.adopt.asUser(facts.ago(formatAge(view.adoption.adopted_at, now)), view.adoption.user)}
          </Fact>
        )}
        {user && (
          <Fact name={facts.user}>
            <span className="font-mono">{user}</span>
          </Fact>
        )}
        <Fact name={facts.volumes}>
          <Volumes volumes={volumes} unknown={unknown} />
        </Fact>
      </Facts>
    </Card>
  );
}

function Volumes({ volumes, unknown }: { volumes: Volume[] | undefined; unknown: string }) {
  if (!volumes) return unknown;
  if (volumes.length === 0) return words.about.none;
  return (
    <span className="flex flex-col">
      {volumes.map(({ name, path }) => (
        <span key={name} title={path}>
          <CopyText text={name} className="max-w-full" />
        </span>
      ))}
    </span>
  );
}

/** Limits in words: "4 CPU · 8 GiB". */
export function limitsText({ cpus, memory_bytes }: Limits): string {
  return [
    cpus === null ? words.about.noCpuLimit : words.about.cpus(cpus),
    memory_bytes === null ? words.about.noMemoryLimit : formatBytes(memory_bytes),
  ].join(" · ");
}
