import { TriangleAlert } from "lucide-react";
import { type ReactNode, useRef } from "react";
import type { Failure } from "@/ipc";
import { messages } from "@/messages";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { ErrorBox } from "./ErrorBox";
import { Field } from "./Field";
import { Input } from "./Input";

interface DangerDialogProps {
  title: string;
  lead: ReactNode;
  width?: number;
  /** The verb on the button. */
  submit: string;
  canSubmit?: boolean;
  /** What the safe button says; "Cancel" when left out. */
  keep?: string;
  /** Why it was refused. */
  failure?: Failure | null;
  /** Something safe to do first. */
  footerStart?: ReactNode;
  onSubmit: () => void;
  onClose: () => void;
  children?: ReactNode;
}

/** A question before something is lost: the focus starts on the button that leaves all as it is. */
export function DangerDialog(props: DangerDialogProps) {
  const { submit, canSubmit = true, keep = messages.cancel, failure, onSubmit, children, ...dialog } = props;
  const cancel = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      {...dialog}
      icon={
        <span className="flex size-8 shrink-0 items-center justify-center rounded-card bg-err-soft text-err">
          <TriangleAlert />
        </span>
      }
      initialFocus={cancel}
      onSubmit={() => canSubmit && onSubmit()}
      footer={
        <>
          <Button ref={cancel} onClick={dialog.onClose}>
            {keep}
          </Button>
          <Button tone="danger-main" type="submit" disabled={!canSubmit}>
            {submit}
          </Button>
        </>
      }
    >
      {(failure || children) && (
        <div className="flex flex-col gap-3">
          {failure && <ErrorBox failure={failure} />}
          {children}
        </div>
      )}
    </Dialog>
  );
}

interface TypedAgainProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** A name to type, so that nobody loses something by a habit of pressing Enter. */
export function TypedAgain({ label, value, onChange }: TypedAgainProps) {
  return (
    <Field label={label}>
      {(control) => (
        <Input {...control} mono value={value} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  );
}
