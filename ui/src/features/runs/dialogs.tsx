import { goTo, paths } from "@/app/navigation";
import { showFailure } from "@/app/toasts";
import { DangerDialog } from "@/components";
import { type Run, runCancel, runRemoveLeftover, runRestore, runRetry, toFailure } from "@/ipc";
import { messages } from "@/messages";

const words = messages.runs;

interface RunDialogProps {
  run: Run;
  onClose: () => void;
}

/** Says what cancelling means now, before it is done. */
export function CancelDialog({ run, onClose }: RunDialogProps) {
  const cancel = () => {
    onClose();
    runCancel({ run_id: run.id }).catch((thrown: unknown) => showFailure(toFailure(thrown)));
  };
  return (
    <DangerDialog
      title={words.cancelTitle(run.verb, run.subject.name)}
      lead={run.cancel_means}
      keep={words.keepRunning}
      submit={words.cancelRun}
      onSubmit={cancel}
      onClose={onClose}
    />
  );
}

/** Names what is removed, before it is. */
export function LeftoverDialog({ run, onClose }: RunDialogProps) {
  const { name, connection_name: server } = run.subject;
  const isRebuild = run.verb === "rebuild";
  const remove = () => {
    onClose();
    runRemoveLeftover({ run_id: run.id }).then(showRun, (thrown: unknown) => showFailure(toFailure(thrown)));
  };
  return (
    <DangerDialog
      title={isRebuild ? words.keepTitle(name) : words.removeTitle(name, server)}
      lead={isRebuild ? words.keepLead(name, server) : words.removeLead(name)}
      submit={isRebuild ? words.keep : words.remove(name)}
      onSubmit={remove}
      onClose={onClose}
    />
  );
}

/** Does the same again and shows the new run. */
export function retryRun(run: Run): void {
  runRetry({ run_id: run.id }).then(showRun, (thrown: unknown) => showFailure(toFailure(thrown)));
}

/** Brings back what a rebuild put aside and shows the run that does it. */
export function restoreRun(run: Run): void {
  runRestore({ run_id: run.id }).then(showRun, (thrown: unknown) => showFailure(toFailure(thrown)));
}

const showRun = ({ run_id }: { run_id: string }): void => goTo(paths.run(run_id));
