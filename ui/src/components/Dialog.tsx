import { Dialog as Base } from "@base-ui/react/dialog";
import { Minus, X } from "lucide-react";
import { type ReactNode, type RefObject, useRef } from "react";
import { messages } from "@/messages";
import { cx } from "./cx";
import { InDialog } from "./float";
import { useTopmost } from "./topmost";

interface DialogProps {
  title: string;
  /** Called by Esc, by the close button and by a press outside, unless `mustAnswer`. */
  onClose: () => void;
  /** A press outside does not close it. */
  mustAnswer?: boolean;
  /** A way to leave it unanswered for now, beside the title. */
  later?: { label: string; run: () => void };
  /** Where the focus starts; in a form the first field, else the first control when left out. */
  initialFocus?: RefObject<HTMLElement | null>;
  /** Before the title, for questions: an icon in its square. */
  icon?: ReactNode;
  /** A sentence under the title. */
  lead?: ReactNode;
  width?: number;
  /** Left and right ends of the bottom bar. */
  footer?: ReactNode;
  footerStart?: ReactNode;
  /** Without padding, for content that brings its own columns. */
  flush?: boolean;
  /** Makes the dialog a form: Enter submits. */
  onSubmit?: () => void;
  children?: ReactNode;
}

const POPUP =
  "fixed top-1/2 left-1/2 z-40 flex max-h-[calc(100dvh-48px)] max-w-[calc(100vw-48px)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-dialog border border-line-strong bg-raise shadow-float outline-none transition-opacity duration-180 data-starting-style:opacity-0 data-ending-style:opacity-0";

/** A dialog that takes the focus, keeps it, and gives it back. Mount it to open it. */
export function Dialog(props: DialogProps) {
  const { onClose, mustAnswer, initialFocus, width = 480, onSubmit } = props;
  const isTopmost = useTopmost();
  const form = useRef<HTMLFormElement>(null);
  const firstField = () => form.current?.querySelector<HTMLElement>("input, textarea") ?? true;
  const body = (
    <InDialog value={true}>
      <DialogBody {...props} />
    </InDialog>
  );
  return (
    <Base.Root
      open
      onOpenChange={(isOpen) => !isOpen && isTopmost() && onClose()}
      disablePointerDismissal={mustAnswer ?? false}
    >
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-shade transition-opacity duration-180 data-starting-style:opacity-0 data-ending-style:opacity-0" />
        <Base.Popup className={POPUP} style={{ width }} initialFocus={initialFocus ?? firstField}>
          {onSubmit ? (
            <form
              ref={form}
              noValidate
              className="flex min-h-0 flex-col"
              onSubmit={(event) => {
                event.preventDefault();
                onSubmit();
              }}
            >
              {body}
            </form>
          ) : (
            body
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function DialogBody({
  title,
  icon,
  lead,
  footer,
  footerStart,
  flush,
  mustAnswer,
  later,
  children,
}: DialogProps) {
  return (
    <>
      <header className={cx("flex items-start gap-3 px-5", icon || lead ? "pt-4.5 pb-1" : "border-b py-3.5")}>
        {icon}
        <div className="flex min-w-0 grow flex-col gap-0.5">
          <Base.Title className="font-semibold text-title">{title}</Base.Title>
          {lead && <Base.Description className="text-fg-2">{lead}</Base.Description>}
        </div>
        {later && (
          <button
            type="button"
            aria-label={later.label}
            title={later.label}
            onClick={later.run}
            className="eased -mr-1.5 inline-flex size-6 items-center justify-center rounded-control text-fg-2 hover:bg-hover"
          >
            <Minus />
          </button>
        )}
        {!mustAnswer && (
          <Base.Close
            aria-label={messages.close}
            className="eased -mr-1.5 inline-flex size-6 items-center justify-center rounded-control text-fg-2 hover:bg-hover"
          >
            <X />
          </Base.Close>
        )}
      </header>
      {children && <div className={cx("min-h-0 overflow-y-auto", !flush && "px-5 py-3.5")}>{children}</div>}
      {(footer || footerStart) && (
        <footer className="flex items-center justify-between gap-2 border-t px-5 py-3">
          <div className="flex min-w-0 gap-2">{footerStart}</div>
          <div className="flex gap-2">{footer}</div>
        </footer>
      )}
    </>
  );
}
