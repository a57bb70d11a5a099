import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

/** The bar at the top of a page: title and count, tools beside it, the main button at the right. */
export function PageHeader({
  title,
  count,
  parent,
  tools,
  actions,
}: {
  title: string;
  count?: number | undefined;
  /** The page above, as a link. */
  parent?: { label: string; go: () => void };
  tools?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="flex h-13 shrink-0 items-center gap-4 border-b px-5">
      <div className="flex min-w-0 items-center gap-2.5">
        {parent && (
          <>
            <button
              type="button"
              onClick={parent.go}
              className="eased shrink-0 rounded-control text-fg-2 hover:text-fg"
            >
              {parent.label}
            </button>
            <ChevronRight className="text-fg-3" />
          </>
        )}
        <h1 className="truncate font-semibold text-title">{title}</h1>
        {count !== undefined && <span className="text-fg-3">{count}</span>}
      </div>
      {tools && <div className="flex min-w-0 items-center gap-2.5">{tools}</div>}
      {actions && <div className="ml-auto flex shrink-0 items-center gap-2.5">{actions}</div>}
    </header>
  );
}
