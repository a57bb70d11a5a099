/* Form values as the core takes them: text by field name, lists with one entry a line. */
import type { Field, FieldProblem } from "@/ipc";

export type Values = Record<string, string>;

/** What each field holds before anything is typed. */
export function defaultValues(fields: readonly Field[]): Values {
  return Object.fromEntries(
    fields.flatMap((field) => (field.default === null ? [] : [[field.name, field.default]])),
  );
}

/** The entries of a list value. */
export const listOf = (value: string): string[] =>
  value
    .split("\n")
    .map((entry) => entry.trim())
    .filter(Boolean);

export const listValue = (entries: readonly string[]): string => entries.join("\n");

export const isPort = (text: string): boolean =>
  /^[0-9]{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535;

/** What is wrong with a value before anybody asks the core; null when nothing is. */
export function problemOf(field: Field, value: string, words: ProblemWords): string | null {
  const text = value.trim();
  if (text === "") return field.is_required ? words.required(field.label) : null;
  switch (field.kind.type) {
    case "port":
      return isPort(text) ? null : words.port(text);
    case "number": {
      const { min, max, unit } = field.kind;
      const number = Number(text);
      return Number.isInteger(number) && number >= min && number <= max
        ? null
        : words.number(text, min, max, unit);
    }
    case "ports": {
      const wrong = listOf(text).find((entry) => !isPort(entry));
      return wrong === undefined ? null : words.port(wrong);
    }
    case "environment": {
      const wrong = listOf(text).find((entry) => !/^[A-Za-z_][A-Za-z0-9_]*=/.test(entry));
      return wrong === undefined ? null : words.environment(wrong);
    }
    case "text":
    case "choice":
    case "file":
    case "secret":
    case "ssh_host":
    case "switch":
      return null;
  }
}

/** The same for a whole form, field by field. */
export function problemsOf(fields: readonly Field[], values: Values, words: ProblemWords): FieldProblem[] {
  return fields.flatMap((field) => {
    const message = problemOf(field, values[field.name] ?? "", words);
    return message === null ? [] : [{ field: field.name, message, suggestion: null }];
  });
}

export interface ProblemWords {
  required: (label: string) => string;
  port: (text: string) => string;
  number: (text: string, min: number, max: number, unit: string) => string;
  environment: (line: string) => string;
}
