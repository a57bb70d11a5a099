import type { Failure } from "./generated/types";

/** A failure as a call returns it. */
export type AppError = Failure & { is_retryable: boolean };

/** Thrown by every call that fails; `failure` is what a person reads. */
export class IpcError extends Error {
  readonly failure: AppError;

  constructor(failure: AppError) {
    super(failure.message);
    this.name = "IpcError";
    this.failure = failure;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

const isAppError = (value: unknown): value is AppError =>
  isRecord(value) && typeof value.code === "string" && typeof value.message === "string";

/** Turns anything thrown into a failure that can be shown. */
export function toFailure(thrown: unknown): AppError {
  if (thrown instanceof IpcError) return thrown.failure;
  if (isAppError(thrown)) return { ...thrown, is_retryable: thrown.is_retryable ?? false };
  return internalError(thrown instanceof Error ? thrown.message : String(thrown));
}

function internalError(detail: string): AppError {
  return {
    code: "internal",
    message: "Moorline could not do this.",
    hint: "Copy the details and report them.",
    field: null,
    detail,
    is_retryable: false,
  };
}

/** The link between this page and the core is gone. */
export function linkLost(): AppError {
  return {
    code: "unreachable",
    message: "This page lost its link to Moorline.",
    hint: "It tries again by itself; check that Moorline still runs.",
    field: null,
    detail: null,
    is_retryable: true,
  };
}
