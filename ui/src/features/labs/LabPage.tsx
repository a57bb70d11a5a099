/* One lab: its header, and a tab for each side of it. */
import { Ellipsis, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { useNow } from "@/app/clock";
import { firstLabAction, type LabAction, labMenu } from "@/app/lab-actions";
import { goTo, LAB_TABS, type LabTab, paths } from "@/app/navigation";
import { attempt } from "@/app/operations";
import { labStatus } from "@/app/status";
import { useConnection, useCore, useLab } from "@/app/store";
import {
  Button,
  EmptyState,
  ErrorBox,
  formatMoment,
  formatSpan,
  IconButton,
  Menu,
  PageHeader,
  StatusDot,
  Tabs,
} from "@/components";
import { connectionConnect, type LabRef, type LabView } from "@/ipc";
import { messages } from "@/messages";
import { ConfigTab } from "./ConfigTab";
import { FilesTab } from "./FilesTab";
import { NodesTab } from "./NodesTab";
import type { NodeOpeners } from "./node-menu";
import { TopologyTab } from "./TopologyTab";
import { type PageData, useLabPage } from "./useLabPage";

const words = messages.labs.page;

/** `runs` and `open` are brought by other features. */
export interface LabParts {
  runs: ReactNode;
  open: NodeOpeners;
}

export function LabPage({ lab, tab, parts }: { lab: LabRef; tab: LabTab; parts: LabParts }) {
  const view = useLab(lab);
  const isLoaded = useCore((state) => state.loading.at === "ready");
  if (view) return <Known view={view} tab={tab} parts={parts} />;
  if (!isLoaded) return null;
  const { title, text, action } = words.gone;
  return (
    <>
      <PageHeader
        title={lab.lab_id.split("/").at(-1) ?? lab.lab_id}
        parent={{ label: messages.labs.title, go: () => goTo(paths.labs()) }}
      />
      <EmptyState
        icon={<SearchX />}
        {...{ title, text }}
        actions={<Button onClick={() => goTo(paths.labs())}>{action}</Button>}
      />
    </>
  );
}

function Known({ view, tab, parts }: { view: LabView; tab: LabTab; parts: LabParts }) {
  const data = useLabPage(view);
  const nodes = data.page?.detail.nodes.length ?? view.lab.nodes_total ?? undefined;
  return (
    <>
      <Header view={view} />
      <Tabs
        label={words.tabs.label}
        value={tab}
        onChange={(next) => goTo(paths.lab(view.lab_ref, next))}
        tabs={LAB_TABS.map((value) => ({
          value,
          label: words.tabs[value],
          count: value === "nodes" ? nodes : undefined,
        }))}
      >
        <Notices view={view} data={data} />
        <Content view={view} tab={tab} parts={parts} data={data} />
      </Tabs>
    </>
  );
}

function Content(props: { view: LabView; tab: LabTab; parts: LabParts; data: PageData }) {
  const { view, tab, parts, data } = props;
  const server = useConnection(view.lab_ref.connection_id);
  if (tab === "runs") return parts.runs;
  if (tab === "config") return <ConfigTab view={view} />;
  if (!data.page)
    return data.failure ? (
      <div className="grow" />
    ) : (
      <p className="appear-late m-auto text-fg-3">{words.loading}</p>
    );
  const context = {
    lab: view.lab_ref,
    features: server?.labs ?? null,
    isStale: view.stale_since !== null,
    open: parts.open,
    again: data.again,
  };
  if (tab === "nodes") return <NodesTab nodes={data.page.detail.nodes} context={context} />;
  if (tab === "files") return <FilesTab page={data.page} />;
  return <TopologyTab page={data.page} context={context} />;
}

function Header({ view }: { view: LabView }) {
  const now = useNow(60_000);
  const { tone, word } = labStatus(view, now);
  const { lab, auto_stop } = view;
  const { nodes_running: running, nodes_total: total } = lab;
  const facts = [
    view.connection_name,
    !lab.is_mine && lab.owner !== null && words.owner(lab.owner),
    total !== null && (running === null ? words.total(total) : words.nodes(running, total)),
    lab.started_at !== null && view.stale_since === null && words.up(formatSpan(now - lab.started_at)),
    auto_stop !== null && words.stops(formatMoment(auto_stop.at, now)),
  ].filter((fact) => typeof fact === "string");
  return (
    <PageHeader
      title={lab.name}
      parent={{ label: messages.labs.title, go: () => goTo(paths.labs()) }}
      tools={
        <>
          <StatusDot tone={tone} word={word} className="shrink-0" />
          <span className="truncate text-fg-3" title={facts.join(" · ")}>
            {facts.join(" · ")}
          </span>
        </>
      }
      actions={<HeaderActions view={view} />}
    />
  );
}

/** Start, or Restart and Stop: whichever makes sense; and a menu with everything. */
function HeaderActions({ view }: { view: LabView }) {
  const server = useConnection(view.lab_ref.connection_id);
  const first = (...ids: string[]) => firstLabAction(view, server, ...ids);
  const start = first("lab.start");
  return (
    <>
      <HeaderButton view={view} action={first("lab.show-run")} />
      <HeaderButton view={view} action={start} isMain />
      {!start && <HeaderButton view={view} action={first("lab.restart")} />}
      <HeaderButton view={view} action={first("lab.stop")} isDanger />
      <Menu
        groups={labMenu(view, server)}
        trigger={<IconButton label={messages.labs.more(view.lab.name)} icon={<Ellipsis />} />}
      />
    </>
  );
}

function HeaderButton(props: {
  view: LabView;
  action: LabAction | undefined;
  isMain?: boolean;
  isDanger?: boolean;
}) {
  const { view, action } = props;
  if (!action) return null;
  return (
    <Button
      tone={props.isMain ? "main" : props.isDanger ? "danger" : "default"}
      icon={action.icon}
      onClick={() => action.run(view)}
    >
      {action.title}
    </Button>
  );
}

/** What a person has to know before reading on. */
function Notices({ view, data }: { view: LabView; data: PageData }) {
  const now = useNow(60_000);
  const connection = useConnection(view.lab_ref.connection_id);
  const asOf = data.page?.detail.as_of ?? null;
  const { state_remark: remark, state } = view.lab;
  if (view.stale_since !== null) {
    const why = connection && "error" in connection.state ? connection.state.error : null;
    return (
      <ErrorBox
        tone="warn"
        className="mx-5 mt-4 mb-1"
        failure={{
          code: "unreachable",
          message: words.stale(view.connection_name, formatMoment(view.stale_since, now)),
          hint: why ? messages.sentence(why.message) : null,
          field: null,
          detail: why?.detail ?? null,
        }}
        onRetry={() => void attempt(connectionConnect({ connection_id: view.lab_ref.connection_id }))}
      />
    );
  }
  return (
    <>
      {data.failure && <ErrorBox failure={data.failure} onRetry={data.again} className="mx-5 mt-4 mb-1" />}
      {remark && (state === "failed" || state === "partly") && (
        <p className="mx-5 mt-3 rounded-card bg-warn-soft px-3 py-2">
          <span className="text-fg-2">{words.remark}: </span>
          <span className="font-mono">{remark}</span>
        </p>
      )}
      {asOf !== null && <p className="mx-5 mt-3 text-fg-2">{words.asOf(formatMoment(asOf, now))}</p>}
    </>
  );
}
