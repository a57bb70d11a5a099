import type { ReactNode } from "react";
import { useNow } from "@/app/clock";
import { firstAction, type TunnelAction } from "@/app/tunnel-actions";
import { listenText, throughOf } from "@/app/tunnels";
import { Button, ErrorBox, secondsUntil } from "@/components";
import type { Failure, TunnelState, TunnelView } from "@/ipc";
import { messages } from "@/messages";

const words = messages.tunnels.detail;

export const hasProblem = ({ state }: TunnelView): boolean => "error" in state;

/** What is wrong with it now, on the object itself, with what helps. */
export function Problem({ view }: { view: TunnelView }) {
  const { state } = view;
  switch (state.state) {
    case "open":
    case "stopped":
    case "listening":
    case "connecting":
      return null;
    case "port_taken":
      return <PortTaken view={view} state={state} />;
    case "reconnecting":
      return <Reconnecting view={view} state={state} />;
    case "target_down":
      return (
        <ErrorBox
          tone="warn"
          failure={withLead(state.error, words.targetDown(throughOf(view)))}
          actions={<Do view={view} action={firstAction(view, "tunnel.check")} />}
        />
      );
    case "failed":
      return (
        <ErrorBox
          failure={state.error}
          actions={<Do view={view} action={firstAction(view, "tunnel.start")} label={words.tryAgain} />}
        />
      );
  }
}

/** The hint stands behind one more sentence. */
const withLead = (failure: Failure, lead: string): Failure => ({
  ...failure,
  hint: failure.hint ? `${lead} ${messages.sentence(failure.hint)}` : lead,
});

function PortTaken({
  view,
  state,
}: {
  view: TunnelView;
  state: Extract<TunnelState, { state: "port_taken" }>;
}) {
  const { holder, error } = state;
  const who = holder ? words.heldBy(holder.command, holder.pid) : words.holderUnknown;
  return (
    <ErrorBox
      failure={{
        ...error,
        message: words.portTaken(listenText(view.tunnel.route.listen)),
        hint: `${who} ${words.untouched}`,
      }}
      actions={
        <>
          <Do view={view} action={firstAction(view, "tunnel.use-port")} />
          <Do view={view} action={firstAction(view, "tunnel.start")} label={words.tryAgain} />
        </>
      }
    />
  );
}

function Reconnecting({
  view,
  state,
}: {
  view: TunnelView;
  state: Extract<TunnelState, { state: "reconnecting" }>;
}) {
  const now = useNow();
  const { when_down } = view.tunnel.options;
  const next = words.next(secondsUntil(state.next_try_at, now), state.attempt);
  const policy = when_down.policy === "hold" ? words.held(when_down.seconds) : words.refused;
  return (
    <ErrorBox
      tone="warn"
      failure={{ ...state.error, hint: `${next} ${policy}` }}
      actions={<Do view={view} action={firstAction(view, "tunnel.reconnect")} />}
    />
  );
}

function Do({
  view,
  action,
  label,
}: {
  view: TunnelView;
  action: TunnelAction | undefined;
  label?: string;
}): ReactNode {
  if (!action) return null;
  return (
    <Button icon={action.icon} onClick={() => action.run(view)}>
      {label ?? action.title(view)}
    </Button>
  );
}
