import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import type { Answer, HostKeyQuestion, HostKeyVerdict } from "@/ipc";
import { HostKeyDialog } from "./HostKeyDialog";

const shown = { algorithm: "ssh-ed25519", fingerprint: "SHA256:new" };
const known = [
  { key: { algorithm: "ssh-ed25519", fingerprint: "SHA256:old" }, file: "~/.ssh/known_hosts", line: 14 },
];

function show(verdict: HostKeyVerdict) {
  const question: HostKeyQuestion = {
    address: { host: "forge-1.example.org", port: 22 },
    verdict,
    shown,
    known: verdict === "unknown" ? [] : known,
  };
  const answers: Answer[] = [];
  render(
    <HostKeyDialog
      subject="forge-1"
      question={question}
      onAnswer={(answer) => answers.push(answer)}
      onLater={() => {}}
    />,
  );
  return { answers, person: userEvent.setup() };
}

const button = (name: RegExp) => screen.getByRole("button", { name });

describe.each<HostKeyVerdict>(["unknown", "changed", "revoked"])("a key that is %s", (verdict) => {
  test("has the focus on Disconnect, so that Enter refuses it", async () => {
    const { answers, person } = show(verdict);
    await waitFor(() => expect(document.activeElement).toBe(button(/^Disconnect$/)));
    await person.keyboard("{Enter}");
    expect(answers).toEqual([{ answer: "refuse" }]);
  });

  test("is refused by Esc", async () => {
    const { answers, person } = show(verdict);
    await waitFor(() => expect(document.activeElement).toBe(button(/^Disconnect$/)));
    await person.keyboard("{Escape}");
    expect(answers).toEqual([{ answer: "refuse" }]);
  });
});

test("an unknown key is trusted with one click", async () => {
  const { answers, person } = show("unknown");
  expect(screen.queryByText("SHA256:old")).toBeNull();
  await person.click(button(/^Trust and connect$/));
  expect(answers).toEqual([{ answer: "trust_host_key" }]);
});

test("a changed key shows both, and is replaced only after the host's name is typed", async () => {
  const { answers, person } = show("changed");
  expect(screen.getByText("SHA256:old")).toBeTruthy();
  expect(screen.getByText("SHA256:new")).toBeTruthy();
  expect(screen.getByText("~/.ssh/known_hosts, line 14")).toBeTruthy();
  await person.click(button(/Replace the known key/));
  const field = screen.getByRole("textbox");
  await person.type(field, "forge-1{Enter}");
  expect(answers).toEqual([]);
  expect(button(/Replace and connect/)).toHaveProperty("disabled", true);
  await person.clear(field);
  await person.type(field, "forge-1.example.org");
  await person.click(button(/Replace and connect/));
  expect(answers).toEqual([{ answer: "replace_host_key", typed_host: "forge-1.example.org" }]);
});

test("a revoked key can only be refused", () => {
  show("revoked");
  expect(screen.queryByRole("button", { name: /trust|replace/i })).toBeNull();
});
