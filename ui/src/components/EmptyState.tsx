import type { ReactNode } from "react";

/** Says which emptiness this is, and holds the one button that helps. */
export function EmptyState({
  icon,
  title,
  text,
  actions,
}: {
  icon: ReactNode;
  title: string;
  text?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="m-auto flex max-w-112 flex-col items-center px-6 py-10 text-center">
      <span className="flex size-11 items-center justify-center rounded-[10px] border bg-panel text-fg-2">
        {icon}
      </span>
      <h2 className="mt-3.5 font-semibold text-title">{title}</h2>
      {text && <p className="mt-1.5 text-pretty text-fg-2">{text}</p>}
      {actions && <div className="mt-4 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
