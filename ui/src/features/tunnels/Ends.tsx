import { ArrowLeft, ArrowRight, ShieldAlert } from "lucide-react";
import { memo } from "react";
import {
  endsOf,
  isDown,
  listenOf,
  pointText,
  replacedPort,
  sentenceOf,
  thereText,
  throughOf,
} from "@/app/tunnels";
import { Chip, CopyText } from "@/components";
import type { TunnelView } from "@/ipc";
import { messages } from "@/messages";

const words = messages.tunnels;

/** "localhost:5432 → db:5432"; for a remote tunnel the arrow points here. Each end is copied by a click. */
export const Ends = memo(function Ends({ view, tabIndex }: { view: TunnelView; tabIndex?: number }) {
  const { route } = view.tunnel;
  const { here, there } = endsOf(view);
  const isLive = !isDown(view) && view.state.state !== "reconnecting";
  const farText = thereText(view);
  const stored = replacedPort(view);
  const port = view.listening?.at === "tcp" ? view.listening.port : 0;
  const Arrow = route.kind === "remote" ? ArrowLeft : ArrowRight;
  const tab = tabIndex === undefined ? {} : { tabIndex };
  return (
    <span
      className="flex min-w-0 items-center gap-2"
      title={sentenceOf(route, throughOf(view) || view.tunnel.name)}
    >
      <CopyText
        text={pointText(here)}
        accent={isLive && route.kind !== "remote"}
        className="shrink-[0.5]"
        {...tab}
      />
      {stored !== null && (
        <span title={words.insteadTitle(port, stored)} className="shrink-0 text-fg-3">
          <span className="sr-only">{words.insteadOf(stored)}</span>
          <s aria-hidden className="font-mono">
            {stored}
          </s>
        </span>
      )}
      {view.is_exposed && (
        <span
          title={words.exposedAt(pointText(listenOf(view)))}
          className="inline-flex shrink-0 items-center gap-1 rounded-full bg-warn-soft px-1.5 text-small text-warn"
        >
          <ShieldAlert className="size-3!" aria-hidden /> {words.exposed}
        </span>
      )}
      <Arrow className="size-3! text-fg-3" aria-hidden />
      <span className="sr-only">{words.arrow[route.kind]}</span>
      {there ? (
        <CopyText
          text={pointText(there)}
          {...(farText && farText !== pointText(there) ? { shown: farText } : {})}
          accent={isLive && route.kind === "remote"}
          {...tab}
        />
      ) : (
        <span className="flex items-center gap-2 text-fg-2">
          {words.any} <Chip>{words.socks}</Chip>
        </span>
      )}
    </span>
  );
});
