/* The fields of an SSH host: where it answers, who logs in and how, and what lies on the way. */
import { Plus, X } from "lucide-react";
import { Button, Field, IconButton, Input } from "@/components";
import { messages } from "@/messages";
import { AuthList } from "./AuthList";
import type { Problems } from "./connection-draft";
import type { AddressDraft, HostDraft } from "./host-draft";
import { JumpList } from "./JumpList";

const words = messages.connections.host;

interface HostFormProps {
  host: HostDraft;
  onChange: (host: HostDraft) => void;
  problems: Problems;
  /** A jump host has no jumps of its own. */
  isJump?: boolean;
}

export function HostForm({ host, onChange, problems, isJump }: HostFormProps) {
  return (
    <div className="flex flex-col gap-3.5">
      <div data-field="address">
        <Addresses
          addresses={host.addresses}
          error={problems.address}
          onChange={(addresses) => onChange({ ...host, addresses })}
        />
      </div>
      <div data-field="user">
        <Field label={words.user} error={problems.user} required className="w-1/2 pr-1.5">
          {(control) => (
            <Input
              {...control}
              mono
              value={host.user}
              onChange={(event) => onChange({ ...host, user: event.target.value })}
            />
          )}
        </Field>
      </div>
      <div data-field="auth">
        <AuthList auth={host.auth} error={problems.auth} onChange={(auth) => onChange({ ...host, auth })} />
      </div>
      {!isJump && (
        <JumpList jumps={host.jumps} problems={problems} onChange={(jumps) => onChange({ ...host, jumps })} />
      )}
    </div>
  );
}

interface AddressesProps {
  addresses: AddressDraft[];
  error: string | undefined;
  onChange: (addresses: AddressDraft[]) => void;
}

function Addresses({ addresses, error, onChange }: AddressesProps) {
  const set = (at: number, part: Partial<AddressDraft>) =>
    onChange(addresses.map((address, index) => (index === at ? { ...address, ...part } : address)));
  return (
    <div className="flex flex-col gap-2">
      {addresses.map((address, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: addresses are their order
        <div key={index} className="flex items-start gap-2">
          <Field
            label={words.address}
            className={index > 0 ? "grow [&>label]:sr-only" : "grow"}
            error={index === 0 ? error : null}
            help={addresses.length > 1 && index === addresses.length - 1 ? words.addressesHelp : null}
            required={index === 0}
          >
            {(control) => (
              <Input
                {...control}
                mono
                value={address.host}
                placeholder="forge-1.example.org"
                onChange={(event) => set(index, { host: event.target.value })}
              />
            )}
          </Field>
          <Field label={words.port} className={index > 0 ? "w-20 [&>label]:sr-only" : "w-20"}>
            {(control) => (
              <Input
                {...control}
                mono
                inputMode="numeric"
                value={address.port}
                onChange={(event) => set(index, { port: event.target.value })}
              />
            )}
          </Field>
          {index > 0 && (
            <IconButton
              label={words.removeAddress(address.host)}
              icon={<X />}
              className="h-8"
              onClick={() => onChange(addresses.filter((_, at) => at !== index))}
            />
          )}
        </div>
      ))}
      <Button
        tone="quiet"
        className="-ml-2 self-start px-2!"
        icon={<Plus className="size-3.5!" />}
        onClick={() => onChange([...addresses, { host: "", port: "22" }])}
      >
        {words.addAddress}
      </Button>
    </div>
  );
}
