import type { ReactNode } from "react";

/** A long text that scrolls in what room there is, and can be selected. */
export function PageText({ label, children }: { label: string; children: ReactNode }) {
  return (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
      tabIndex={0}
      role="region"
      aria-label={label}
      className="min-h-0 grow overflow-auto px-4 py-3 leading-5 -outline-offset-2!"
    >
      {children}
    </pre>
  );
}
