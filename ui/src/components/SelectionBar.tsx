import { X } from "lucide-react";
import type { ReactNode } from "react";
import { messages } from "@/messages";
import { IconButton } from "./IconButton";
import { Kbd } from "./Kbd";

/** The bar below a list: what can be done to all selected rows. Without `onClear` it works on them. */
export function SelectionBar({
  label,
  onClear,
  children,
}: {
  label: string;
  onClear?: () => void;
  children: ReactNode;
}) {
  return (
    <div
      role="toolbar"
      aria-label={label}
      className="flex h-11 shrink-0 items-center gap-2.5 border-t bg-panel px-5"
    >
      {children}
      {onClear && (
        <span className="ml-auto flex items-center gap-1.5">
          <Kbd keys={["Esc"]} />
          <IconButton label={messages.bulk.clear} icon={<X />} onClick={onClear} />
        </span>
      )}
    </div>
  );
}
