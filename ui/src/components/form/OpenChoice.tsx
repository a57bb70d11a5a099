import { Autocomplete as Base } from "@base-ui/react/autocomplete";
import { useState } from "react";
import type { Choice } from "@/ipc";
import type { FieldControl } from "../Field";

/** Text with known values offered below it; any other may be typed. */
export function OpenChoice({
  value,
  onChange,
  choices,
  control,
  placeholder,
}: {
  value: string;
  onChange: (value: string) => void;
  choices: readonly Choice[];
  control: FieldControl;
  placeholder?: string;
}) {
  // What stands there already is no search: only what is typed narrows the list.
  const [isTyping, setTyping] = useState(false);
  return (
    <Base.Root
      items={choices}
      value={value}
      onValueChange={(next, { reason }) => {
        setTyping(reason === "input-change");
        onChange(next);
      }}
      onOpenChange={(isOpen) => !isOpen && setTyping(false)}
      itemToStringValue={(choice: Choice) => choice.value}
      filter={(choice, query) => !isTyping || choice.value.toLowerCase().includes(query.toLowerCase())}
      openOnInputClick
    >
      <Base.Input
        {...control}
        placeholder={placeholder}
        spellCheck={false}
        className="eased h-8 w-full rounded-control border border-line-strong bg-raise px-2.5 font-mono -outline-offset-1! aria-invalid:border-err"
      />
      <Base.Portal>
        <Base.Positioner sideOffset={4} className="z-50">
          <Base.Popup className="max-h-(--available-height) w-(--anchor-width) overflow-y-auto rounded-card border border-line-strong bg-raise shadow-float data-empty:hidden">
            <Base.List className="p-1">
              {(choice: Choice) => (
                <Base.Item
                  key={choice.value}
                  value={choice}
                  className="flex h-8 items-center justify-between gap-3 rounded-control px-2 outline-none data-highlighted:bg-selected"
                >
                  <span className="truncate font-mono">{choice.label}</span>
                  {choice.remark && <span className="shrink-0 text-fg-3">{choice.remark}</span>}
                </Base.Item>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
