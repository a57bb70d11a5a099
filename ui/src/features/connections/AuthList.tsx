import { ArrowUp, Plus, X } from "lucide-react";
import { Button, Field, IconButton, Input, Menu, PathInput } from "@/components";
import { messages } from "@/messages";
import { type AuthDraft, type AuthMethodName, newAuth } from "./host-draft";

const words = messages.connections.host;
const METHODS: AuthMethodName[] = ["agent", "key_file", "password", "keyboard_interactive"];

interface AuthListProps {
  auth: AuthDraft[];
  error: string | undefined;
  onChange: (auth: AuthDraft[]) => void;
}

/** Ways to log in, tried in order. */
export function AuthList({ auth, error, onChange }: AuthListProps) {
  const set = (next: AuthDraft) => onChange(auth.map((old) => (old.key === next.key ? next : old)));
  const moveUp = (index: number) => {
    const next = [...auth];
    next.splice(index - 1, 0, ...next.splice(index, 1));
    onChange(next);
  };
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-fg-2">{words.auth}</legend>
      <ol className="flex flex-col rounded-card border">
        {auth.map((item, index) => (
          <li key={item.key} className="border-b px-3 py-1.5 last:border-b-0">
            <div className="flex h-7 items-center gap-1">
              <span className="grow font-[550]">{words.methods[item.method]}</span>
              {index > 0 && (
                <IconButton
                  label={words.moveUp(words.methods[item.method])}
                  icon={<ArrowUp className="size-3.5!" />}
                  onClick={() => moveUp(index)}
                />
              )}
              <IconButton
                label={words.removeAuth(words.methods[item.method])}
                icon={<X className="size-3.5!" />}
                onClick={() => onChange(auth.filter(({ key }) => key !== item.key))}
              />
            </div>
            <AuthFields item={item} onChange={set} />
          </li>
        ))}
      </ol>
      {error && <p className="text-err">{error}</p>}
      <span className="-ml-2">
        <Menu
          align="start"
          groups={[
            METHODS.map((method) => ({
              id: method,
              label: words.methods[method],
              run: () => onChange([...auth, newAuth(method)]),
            })),
          ]}
          trigger={
            <Button tone="quiet" className="px-2!" icon={<Plus className="size-3.5!" />}>
              {words.addAuth}
            </Button>
          }
        />
      </span>
    </fieldset>
  );
}

function AuthFields({ item, onChange }: { item: AuthDraft; onChange: (item: AuthDraft) => void }) {
  switch (item.method) {
    case "agent":
      return (
        <Line
          label={words.agentSocket}
          placeholder={words.agentDefault}
          value={item.socket}
          onChange={(socket) => onChange({ ...item, socket })}
        />
      );
    case "key_file":
      return (
        <div className="grid grid-cols-2 gap-3">
          <Field label={words.keyPath} className="pb-1.5">
            {(control) => (
              <PathInput
                {...control}
                title={words.keyPath}
                value={item.path}
                onChange={(path) => onChange({ ...item, path })}
              />
            )}
          </Field>
          <Line
            label={words.passphrase}
            isSecret
            placeholder={item.isKept ? words.keptIfEmpty : words.askIfEmpty}
            value={item.passphrase}
            onChange={(passphrase) => onChange({ ...item, passphrase })}
          />
        </div>
      );
    case "password":
      return (
        <Line
          label={words.password}
          isSecret
          placeholder={item.isKept ? words.keptIfEmpty : words.askIfEmpty}
          value={item.password}
          onChange={(password) => onChange({ ...item, password })}
        />
      );
    case "keyboard_interactive":
      return <p className="pb-1.5 text-fg-3">{words.interactive}</p>;
  }
}

interface LineProps {
  label: string;
  value: string;
  placeholder?: string;
  isSecret?: boolean;
  onChange: (value: string) => void;
}

function Line({ label, value, placeholder, isSecret, onChange }: LineProps) {
  return (
    <Field label={label} className="pb-1.5">
      {(control) => (
        <Input
          {...control}
          mono={!isSecret}
          type={isSecret ? "password" : "text"}
          value={value}
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
