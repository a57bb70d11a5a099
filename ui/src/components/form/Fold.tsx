import { ChevronDown, ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { messages } from "@/messages";

/** What few need, folded away until it is wanted. `isNeeded`: something in it is wrong. */
export function Fold({ isNeeded, children }: { isNeeded: boolean; children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const isShown = isOpen || isNeeded;
  return (
    <>
      <button
        type="button"
        aria-expanded={isShown}
        onClick={() => setOpen(!isShown)}
        className="eased flex items-center gap-1 self-start rounded-control text-fg-2 hover:text-fg"
      >
        {isShown ? <ChevronDown /> : <ChevronRight />}
        {isShown ? messages.form.fewer : messages.form.more}
      </button>
      {isShown && children}
    </>
  );
}
