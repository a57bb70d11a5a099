/* One test of a connection: begun, followed on its stream, cancelled by closing it. */
import { useCallback, useEffect, useRef, useState } from "react";
import {
  type AppError,
  type DiagnosisReport,
  type DoctorSubject,
  doctorOpen,
  JsonLines,
  openStream,
  type Stream,
  toFailure,
} from "@/ipc";

export interface ConnectionTest {
  report: DiagnosisReport | null;
  /** The test could not be begun. */
  failure: AppError | null;
  isRunning: boolean;
  /** `asks`: the person may be asked for host keys and credentials. */
  start: (subject: DoctorSubject, asks?: boolean) => void;
  /** The same again. */
  again: (asks?: boolean) => void;
  cancel: () => void;
  /** What is tested. */
  subject: () => DoctorSubject | null;
}

interface State {
  report: DiagnosisReport | null;
  failure: AppError | null;
  isRunning: boolean;
}

const NOTHING: State = { report: null, failure: null, isRunning: false };

export function useTest(): ConnectionTest {
  const [state, setState] = useState(NOTHING);
  const stream = useRef<Stream | null>(null);
  const subject = useRef<DoctorSubject | null>(null);
  const cancel = useCallback(() => {
    stream.current?.close();
    stream.current = null;
    setState((state) => (state.isRunning ? { ...state, isRunning: false } : state));
  }, []);
  const start = useCallback((next: DoctorSubject, asks = false) => {
    stream.current?.close();
    subject.current = next;
    const lines = new JsonLines((values) => {
      const report = values.filter(isReport).at(-1);
      if (report && stream.current === opened) setState((state) => ({ ...state, report }));
    });
    const ended = (failure: AppError | null) => {
      if (stream.current !== opened) return;
      stream.current = null;
      setState((state) => ({ ...state, failure, isRunning: false }));
    };
    const opened = openStream(
      (bytes) => lines.push(bytes),
      (error) => ended(error && toFailure(error)),
    );
    stream.current = opened;
    setState((state) => ({ ...state, failure: null, isRunning: true }));
    doctorOpen({ subject: next, asks, stream: opened.id }).catch((thrown: unknown) => {
      ended(toFailure(thrown));
      opened.close();
    });
  }, []);
  const again = useCallback(
    (asks = false) => {
      if (subject.current) start(subject.current, asks);
    },
    [start],
  );
  useEffect(() => cancel, [cancel]);
  return { ...state, start, again, cancel, subject: () => subject.current };
}

function isReport(value: unknown): value is DiagnosisReport {
  return typeof value === "object" && value !== null && "diagnosis" in value && "text" in value;
}
