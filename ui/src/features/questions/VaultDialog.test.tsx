import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Answer } from "@/ipc";
import { VaultDialog } from "./VaultDialog";

function show(is_new: boolean) {
  const answers: Answer[] = [];
  render(
    <VaultDialog
      question={{ kind: "vault_passphrase", is_new, refused: null }}
      onAnswer={(answer) => answers.push(answer)}
      onLater={() => {}}
    />,
  );
  return { answers, person: userEvent.setup() };
}

test("a new vault wants eight characters, twice the same", async () => {
  const { answers, person } = show(true);
  const first = screen.getByLabelText("Passphrase");
  const again = screen.getByLabelText("The same again");
  const submit = screen.getByRole("button", { name: "Make the vault" });
  await person.type(first, "short");
  await person.click(submit);
  expect(screen.getByText(/Eight characters/)).toBeTruthy();
  await person.type(first, "-and-longer");
  await person.type(again, "something else");
  await person.click(submit);
  expect(screen.getByText(/not the same/)).toBeTruthy();
  expect(answers).toEqual([]);
  await person.clear(again);
  await person.type(again, "short-and-longer");
  await person.click(submit);
  expect(answers).toEqual([{ answer: "vault_passphrase", passphrase: "short-and-longer" }]);
});

test("a known vault opens with what is typed", async () => {
  const { answers, person } = show(false);
  await person.type(screen.getByLabelText("Passphrase"), "pass{Enter}");
  expect(answers).toEqual([{ answer: "vault_passphrase", passphrase: "pass" }]);
});
