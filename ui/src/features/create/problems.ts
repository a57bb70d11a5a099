/* What is wrong with the form, field by field: what this page sees itself, then what the plan says. */
import type { Values } from "@/components";
import type { Field, FieldProblem, Plan } from "@/ipc";
import { GIT_FIELDS } from "./useGitSource";

/** A field that nobody typed in yet is not blamed for being empty. */
export function shownProblems(
  problems: readonly FieldProblem[],
  values: Values,
  typed: Values,
): FieldProblem[] {
  return problems.filter(({ field }) => field in typed || (values[field] ?? "") !== "");
}

/** Problems of fields that the form does not have, so that none goes unseen. */
export const strayProblems = (fields: readonly Field[], plan: Plan | null): FieldProblem[] =>
  (plan?.problems ?? []).filter(
    ({ field }) => !GIT_FIELDS.some((own) => own === field) && fields.every(({ name }) => name !== field),
  );

/** What is sent: fields of this form only, without the empty ones. */
export function inputOf(fields: readonly Field[], values: Values): Values {
  return Object.fromEntries(
    fields.flatMap(({ name }) => {
      const value = (values[name] ?? "").trim();
      return value === "" ? [] : [[name, value]];
    }),
  );
}
