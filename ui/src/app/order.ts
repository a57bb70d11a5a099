/* One order of a dialog to the core: sent once, shown why when it was refused. */
import { useState } from "react";
import { type AppError, toFailure } from "@/ipc";

export interface Order<T> {
  isBusy: boolean;
  /** Why it was refused. */
  failure: AppError | null;
  send: (call: Promise<T>) => void;
  /** Takes the failure away, for example when the form was changed. */
  forget: () => void;
}

/** `onDone` gets the answer; the dialog that sent it is expected to close then. */
export function useOrder<T>(onDone: (answer: T) => void): Order<T> {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const send = (call: Promise<T>) => {
    setBusy(true);
    setFailure(null);
    call.then(onDone, (thrown: unknown) => {
      setFailure(toFailure(thrown));
      setBusy(false);
    });
  };
  return { isBusy, failure, send, forget: () => setFailure(null) };
}
