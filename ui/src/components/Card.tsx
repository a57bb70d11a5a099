import type { ReactNode } from "react";
import { cx } from "./cx";

/** A card with a title and, on the right, a remark. */
export function Card({
  title,
  aside,
  footer,
  className,
  children,
}: {
  title: string;
  aside?: ReactNode;
  footer?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section
      aria-label={title}
      className={cx("flex min-w-0 flex-col rounded-card border bg-panel", className)}
    >
      <header className="flex h-9 shrink-0 items-center justify-between gap-3 border-b px-3">
        <h2 className="truncate font-semibold">{title}</h2>
        {aside && <span className="shrink-0 text-fg-3">{aside}</span>}
      </header>
      <div className="min-h-0 grow p-3">{children}</div>
      {footer && <footer className="border-t px-3 py-2 text-fg-3">{footer}</footer>}
    </section>
  );
}

/** Facts by name, for cards. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[minmax(84px,116px)_minmax(0,1fr)] gap-y-[7px]">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-fg-3">{name}</dt>
      <dd className="min-w-0 truncate">{children}</dd>
    </>
  );
}
