import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, test } from "vitest";
import type { Field, FieldKind } from "@/ipc";
import { messages } from "@/messages";
import { FormField } from "./FormField";
import { defaultValues, problemOf } from "./values";

const field = (kind: FieldKind, rest: Partial<Field> = {}): Field => ({
  name: "field",
  label: "Field",
  help: null,
  placeholder: null,
  is_required: true,
  default: null,
  is_advanced: false,
  kind,
  ...rest,
});

function show(shown: Field, first = "", props: { error?: string; suggestion?: string } = {}) {
  const values: string[] = [];
  function Host() {
    const [value, setValue] = useState(first);
    const change = (next: string) => {
      values.push(next);
      setValue(next);
    };
    return <FormField field={shown} value={value} onChange={change} {...props} />;
  }
  render(<Host />);
  return { values, person: userEvent.setup() };
}

describe("each kind of field is drawn as what it is", () => {
  test.each<[FieldKind["type"], FieldKind, string]>([
    ["text", { type: "text", mono: true }, "textbox"],
    ["file", { type: "file" }, "textbox"],
    ["port", { type: "port" }, "textbox"],
    ["number", { type: "number", unit: "MiB", min: 1, max: 9 }, "textbox"],
    ["environment", { type: "environment" }, "textbox"],
    ["switch", { type: "switch" }, "switch"],
    [
      "choice",
      { type: "choice", open: false, choices: [{ value: "a", label: "A", remark: null }] },
      "combobox",
    ],
    ["ports", { type: "ports" }, "textbox"],
  ])("%s", (_, kind, role) => {
    show(field(kind));
    expect(screen.getByRole(role, { name: "Field" })).toBeTruthy();
  });

  test("a secret does not show what is typed", () => {
    show(field({ type: "secret" }));
    expect(screen.getByLabelText("Field").getAttribute("type")).toBe("password");
  });
});

test("an error stands at its field, is announced with it, and offers the value that works", async () => {
  const { values, person } = show(field({ type: "text", mono: false }), "atlas-api", {
    error: "forge-1 already has atlas-api.",
    suggestion: "atlas-api-2",
  });
  const input = screen.getByRole("textbox", { name: "Field" });
  expect(input.getAttribute("aria-invalid")).toBe("true");
  const note = document.getElementById(input.getAttribute("aria-describedby") ?? "");
  expect(note?.textContent).toContain("forge-1 already has atlas-api.");
  await person.click(screen.getByRole("button", { name: "Use atlas-api-2" }));
  expect(values).toEqual(["atlas-api-2"]);
});

test("ports are typed one after the other, and taken away again", async () => {
  const { values, person } = show(field({ type: "ports" }), "3000");
  await person.type(screen.getByRole("textbox"), "5432 8080{Enter}");
  expect(values.at(-1)).toBe("3000\n5432\n8080");
  await person.click(screen.getByRole("button", { name: "Remove port 5432" }));
  expect(values.at(-1)).toBe("3000\n8080");
  await person.type(screen.getByRole("textbox"), "{Backspace}");
  expect(values.at(-1)).toBe("3000");
});

describe("what is wrong is known before anybody is asked", () => {
  const problem = (kind: FieldKind, value: string, rest: Partial<Field> = {}) =>
    problemOf(field(kind, rest), value, messages.form.problems);

  test.each<[string, FieldKind, string, boolean]>([
    ["nothing where something is needed", { type: "text", mono: false }, "  ", false],
    ["port 0", { type: "port" }, "0", false],
    ["port 65535", { type: "port" }, "65535", true],
    ["port 65536", { type: "port" }, "65536", false],
    ["port with letters", { type: "port" }, "22a", false],
    ["half a number", { type: "number", unit: "cores", min: 1, max: 8 }, "1.5", false],
    ["a number in range", { type: "number", unit: "cores", min: 1, max: 8 }, "8", true],
    ["a number out of range", { type: "number", unit: "cores", min: 1, max: 8 }, "9", false],
    ["one bad port of two", { type: "ports" }, "3000\n70000", false],
    ["a name without value", { type: "environment" }, "PATH", false],
    ["a name with an empty value", { type: "environment" }, "EMPTY=", true],
  ])("%s", (_, kind, value, isFine) => {
    expect(problem(kind, value) === null).toBe(isFine);
  });

  test("what is not needed may be empty", () => {
    expect(problem({ type: "port" }, "", { is_required: false })).toBeNull();
  });
});

test("defaults are filled in, and nothing else", () => {
  const fields = [
    field({ type: "port" }, { name: "a", default: "22" }),
    field({ type: "port" }, { name: "b" }),
  ];
  expect(defaultValues(fields)).toEqual({ a: "22" });
});
