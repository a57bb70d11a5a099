import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement } from "react";
import { useFloatContainer } from "./float";
import { Kbd } from "./Kbd";

/** A word beside what is pointed at or focused. Never the only place where something is said. */
export function Tooltip({
  text,
  shortcut,
  children,
}: {
  text: string;
  shortcut?: string[];
  children: ReactElement;
}) {
  const float = useFloatContainer();
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal {...float}>
        <Base.Positioner sideOffset={6} className="z-50">
          <Base.Popup className="flex max-w-80 items-center gap-2 rounded-control border border-line-strong bg-raise px-2 py-1 text-fg text-small shadow-float">
            {text}
            {shortcut && <Kbd keys={shortcut} />}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
