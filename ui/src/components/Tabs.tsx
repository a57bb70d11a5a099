import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";

export interface Tab<T extends string> {
  value: T;
  label: string;
  count?: number | undefined;
}

/** The row of tabs under a page's header, and the panel of the chosen one. */
export function Tabs<T extends string>({
  tabs,
  value,
  onChange,
  label,
  children,
}: {
  tabs: readonly Tab<T>[];
  value: T;
  onChange: (value: T) => void;
  label: string;
  children: ReactNode;
}) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next: T) => onChange(next)}
      className="flex min-h-0 grow flex-col"
    >
      <Base.List
        aria-label={label}
        className="flex h-9.5 shrink-0 gap-5 overflow-x-auto overflow-y-hidden border-b px-5"
      >
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="eased flex items-center gap-1 whitespace-nowrap border-transparent border-b-2 text-fg-2 -outline-offset-2! hover:text-fg data-active:border-accent data-active:font-[550] data-active:text-fg"
          >
            {tab.label}
            {tab.count ? <span>{tab.count}</span> : null}
          </Base.Tab>
        ))}
      </Base.List>
      <Base.Panel value={value} tabIndex={-1} className="flex min-h-0 grow flex-col outline-none">
        {children}
      </Base.Panel>
    </Base.Root>
  );
}
