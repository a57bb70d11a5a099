import { type ReactNode, useEffect, useState } from "react";
import { CopyText, Field, Input, OpenChoice, Segments } from "@/components";
import { type OwnAddress, toFailure, tunnelOwnAddress } from "@/ipc";
import { messages } from "@/messages";
import { waysLike } from "../completion";
import type { Draft } from "./draft";
import type { TunnelForm } from "./useTunnelForm";

const words = messages.tunnels.form;

type PartProps = Pick<TunnelForm, "draft" | "change" | "problems">;

/** What an end is, and which kind of it. */
function EndHead({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex items-center justify-between gap-3">
      <h3 className="font-semibold">{label}</h3>
      {children}
    </div>
  );
}

/** Where it listens: a port, an address of its own, or a socket. */
export function ListenFields({ draft, change, problems }: PartProps) {
  const label = draft.kind === "remote" ? words.listenThere : words.listenHere;
  const ways: Draft["listenAt"][] = draft.kind === "remote" ? ["port", "socket"] : ["port", "own", "socket"];
  return (
    <fieldset aria-label={label} className="flex flex-col gap-2">
      <EndHead label={label}>
        <Segments
          label={label}
          segments={ways.map((value) => ({ value, label: words.listenAt[value] }))}
          value={draft.listenAt}
          onChange={(listenAt) => change({ listenAt })}
        />
      </EndHead>
      {draft.listenAt === "socket" ? (
        <Field label={words.socketPath} error={problems["listen.path"] ?? problems.listen} required>
          {(control) => (
            <Input
              {...control}
              mono
              placeholder="/run/user/1000/app.sock"
              value={draft.listenPath}
              onChange={(event) => change({ listenPath: event.target.value })}
            />
          )}
        </Field>
      ) : (
        <div className="grid grid-cols-[140px_minmax(0,1fr)] items-start gap-3.5">
          <Field label={words.port} error={problems["listen.port"] ?? problems.listen}>
            {(control) => (
              <Input
                {...control}
                mono
                inputMode="numeric"
                placeholder={
                  draft.listenAt === "own" && draft.kind === "local" ? words.samePort : words.anyPort
                }
                value={draft.listenPort}
                onChange={(event) => change({ listenPort: event.target.value })}
              />
            )}
          </Field>
          {draft.listenAt === "own" && <OwnAddressField {...{ draft, change, problems }} />}
        </div>
      )}
    </fieldset>
  );
}

/** The loopback address that only this tunnel has, and what this computer wants before. */
function OwnAddressField({ draft, change, problems }: PartProps) {
  const [own, setOwn] = useState<OwnAddress | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const needs = draft.ownHost === "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for once, when there is none yet
  useEffect(() => {
    if (!needs) return;
    tunnelOwnAddress().then(
      (found) => {
        setOwn(found);
        change({ ownHost: found.address });
      },
      (thrown) => setFailure(messages.sentence(toFailure(thrown).message)),
    );
  }, []);
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <Field label={words.ownAddress} help={words.ownHelp} error={problems["listen.host"] ?? failure}>
        {(control) => (
          <Input
            {...control}
            mono
            value={draft.ownHost}
            onChange={(event) => change({ ownHost: event.target.value })}
          />
        )}
      </Field>
      {own?.command && (
        <p className="text-fg-3">
          {words.ownCommand} <CopyText text={own.command} className="text-fg" />
        </p>
      )}
    </div>
  );
}

/** Where it leads. */
export function TargetFields({ draft, change, problems }: PartProps) {
  if (draft.kind === "dynamic") return null;
  return (
    <fieldset aria-label={words.target} className="flex flex-col gap-2">
      <EndHead label={words.target}>
        <Segments
          label={words.target}
          segments={(["tcp", "socket"] as const).map((value) => ({ value, label: words.targetAt[value] }))}
          value={draft.targetAt}
          onChange={(targetAt) => change({ targetAt })}
        />
      </EndHead>
      {draft.targetAt === "socket" ? (
        <Field label={words.socketPath} error={problems["target.path"] ?? problems.target} required>
          {(control) => (
            <Input
              {...control}
              mono
              placeholder="/run/docker.sock"
              value={draft.targetPath}
              onChange={(event) => change({ targetPath: event.target.value })}
            />
          )}
        </Field>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)_140px] items-start gap-3.5">
          <Field
            label={words.host}
            help={words.hostHelp[draft.kind]}
            error={problems["target.host"] ?? problems.target}
            required
          >
            {(control) => (
              <Input
                {...control}
                mono
                placeholder={words.hostExample}
                value={draft.targetHost}
                onChange={(event) => change({ targetHost: event.target.value })}
              />
            )}
          </Field>
          <Field label={words.port} error={problems["target.port"]} required>
            {(control) => (
              <Input
                {...control}
                mono
                inputMode="numeric"
                placeholder="5432"
                value={draft.targetPort}
                onChange={(event) => change({ targetPort: event.target.value })}
              />
            )}
          </Field>
        </div>
      )}
    </fieldset>
  );
}

/** The SSH host that carries it. */
export function ThroughField({ draft, change, problems, ways }: Pick<TunnelForm, "ways"> & PartProps) {
  const isWhole = ways.some(({ name }) => name === draft.through);
  const offered = isWhole ? ways : waysLike(draft.through, ways);
  return (
    <Field label={words.through} help={words.throughHelp} error={problems.through} required>
      {(control) => (
        <OpenChoice
          control={control}
          value={draft.through}
          onChange={(through) => change({ through })}
          choices={offered.map(({ name, address }) => ({ value: name, label: name, remark: address }))}
          placeholder={words.throughPlaceholder}
        />
      )}
    </Field>
  );
}
