/* The past of a tunnel in tabs: who used it, what went wrong, what was asked for, and its command line. */
import { type ReactNode, useState } from "react";
import { ErrorBox, Tabs } from "@/components";
import type { TunnelView } from "@/ipc";
import { messages } from "@/messages";
import { Clients } from "./Clients";
import { Command } from "./Command";
import { Errors } from "./Errors";
import { Requests } from "./Requests";
import { useInspect } from "./useInspect";

const words = messages.tunnels.detail;
const TABS = ["clients", "errors", "requests", "command"] as const;
type Tab = (typeof TABS)[number];

export function Past({ view }: { view: TunnelView }) {
  const { detail, failure, retry } = useInspect(view);
  const isTroubled = "error" in view.state;
  const [chosen, setChosen] = useState<Tab | null>(null);
  const tab = chosen ?? (isTroubled ? "errors" : "clients");
  const counts: Partial<Record<Tab, number>> = {
    clients: detail?.clients.length ?? 0,
    errors: detail?.errors.length ?? 0,
    requests: detail?.requests.length ?? 0,
  };
  const parts: Record<Tab, ReactNode> = detail
    ? {
        clients: <Clients clients={detail.clients} isProxy={view.tunnel.route.kind === "dynamic"} />,
        errors: <Errors errors={detail.errors} />,
        requests: <Requests view={view} requests={detail.requests} />,
        command: <Command command={detail.command} />,
      }
    : { clients: null, errors: null, requests: null, command: null };
  return (
    <div className="flex min-h-40 grow flex-col">
      <Tabs
        label={words.tabs.label}
        value={tab}
        onChange={setChosen}
        tabs={TABS.map((value) => ({ value, label: words.tabs[value], count: counts[value] }))}
      >
        {failure && <ErrorBox failure={failure} onRetry={retry} className="mx-5 my-3" />}
        {detail === null && !failure ? (
          <p className="appear-late px-5 py-3 text-fg-3">{words.loading}</p>
        ) : (
          parts[tab]
        )}
      </Tabs>
    </div>
  );
}
