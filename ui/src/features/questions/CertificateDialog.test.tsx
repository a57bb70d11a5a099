import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { makeScene } from "@/ipc/mock/scenes";
import { CertificateDialog } from "./CertificateDialog";

function ask(scene: string) {
  const question = makeScene(scene).questions[0]?.question;
  if (question?.kind !== "certificate") throw new Error(scene);
  const onAnswer = vi.fn();
  render(<CertificateDialog subject="clab-a" question={question} onAnswer={onAnswer} onLater={() => {}} />);
  return { onAnswer, person: userEvent.setup() };
}

test("a new certificate is trusted only by a click; Enter refuses it", async () => {
  const { onAnswer, person } = ask("certificate");
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Do not connect"));
  await person.keyboard("{Enter}");
  expect(onAnswer).toHaveBeenLastCalledWith({ answer: "refuse" });
  await person.click(screen.getByRole("button", { name: "Trust and connect" }));
  expect(onAnswer).toHaveBeenLastCalledWith({ answer: "trust_certificate" });
});

test("a changed one stands beside the one that was trusted", () => {
  ask("certificate-changed");
  expect(screen.getByRole("region", { name: "Trusted so far" })).toBeTruthy();
  expect(screen.getByRole("region", { name: "Shown now" }).textContent).toContain("b715");
  expect(screen.getByText("clab-a shows a different certificate")).toBeTruthy();
});
