import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { Dialog } from "./Dialog";

test("Escape closes only the dialog on top, and the one below after it", async () => {
  const [closeForm, closeQuestion] = [vi.fn(), vi.fn()];
  const both = (
    <>
      <Dialog title="Form" onClose={closeForm} />
      <Dialog title="Question" onClose={closeQuestion} />
    </>
  );
  const { rerender } = render(both);
  const person = userEvent.setup();
  await screen.findByText("Question");
  await person.keyboard("{Escape}");
  expect([closeForm.mock.calls.length, closeQuestion.mock.calls.length]).toEqual([0, 1]);

  rerender(<Dialog title="Form" onClose={closeForm} />);
  await person.keyboard("{Escape}");
  expect(closeForm).toHaveBeenCalledOnce();
});
