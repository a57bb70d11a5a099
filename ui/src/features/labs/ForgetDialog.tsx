import { forgetLab } from "@/app/lab-operations";
import { useLab } from "@/app/store";
import { DangerDialog } from "@/components";
import type { LabRef } from "@/ipc";
import { messages } from "@/messages";

const words = messages.labs.forget;

/** Says what is lost on this computer, since that cannot be taken back. */
export function ForgetDialog({ lab, onClose }: { lab: LabRef; onClose: () => void }) {
  const view = useLab(lab);
  if (!view) return null;
  const { name } = view.lab;
  return (
    <DangerDialog
      title={words.title(name)}
      lead={words.lead(view.connection_name)}
      submit={words.submit}
      onSubmit={() => {
        onClose();
        void forgetLab(view);
      }}
      onClose={onClose}
    >
      <ul className="list-disc pl-4 text-fg-2">
        {words.lost.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </DangerDialog>
  );
}
