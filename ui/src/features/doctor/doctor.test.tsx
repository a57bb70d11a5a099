import { act, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { history } from "@/app/navigation";
import type { DiagnosisReport, Fix, Stage } from "@/ipc";
import { connections, descriptors } from "@/ipc/mock/connections";
import { failure, fakeCore } from "@/test/core";
import { DoctorPage, type FormSlot } from "./DoctorPage";

const stage = (id: string, status: Stage["status"], fixes: Fix[] = []): Stage => ({
  id,
  hop: id === "login" ? 0 : null,
  title: id === "login" ? "Login" : "Socket",
  status,
  summary: null,
  failure: status === "failed" ? { ...failure("unauthorized", `${id} will not do`), hint: "do it" } : null,
  fixes,
  duration_ms: 12,
});

function report(stages: Stage[], ended_at: number | null): string {
  const hops = [{ name: "lab-west", addresses: [{ host: "10.4.0.1", port: 22 }], user: "alice" }];
  const diagnosis = {
    connection_id: "lab-west",
    name: "lab-west",
    kind_title: "Podman",
    hops,
    stages,
    started_at: 1000,
    ended_at,
  };
  const whole: DiagnosisReport = { diagnosis, text: "the whole report" };
  return `${JSON.stringify(whole)}\n`;
}

function show() {
  const core = fakeCore({
    doctor_copy_key: () => ({ server: "lab-west", file: "~/.ssh/authorized_keys", is_new: true }),
  });
  const view = connections.find(({ connection }) => connection.id === "lab-west");
  if (!view) throw new Error("no such connection");
  const slots: FormSlot[] = [];
  const onImage = vi.fn();
  render(
    <DoctorPage
      view={view}
      descriptor={descriptors[0]}
      onImage={onImage}
      form={(slot) => {
        slots.push(slot);
        return <p>the form</p>;
      }}
    />,
  );
  const tell = (line: string) => act(() => core.send(core.streamOf("doctor_open"), line));
  return { core, tell, onImage, slot: () => slots.at(-1), person: userEvent.setup() };
}

test("a test begins by itself, is told stage by stage, and says where it stopped", async () => {
  const { core, tell, slot, person } = show();
  expect(core.calls("doctor_open")).toMatchObject([
    { subject: { connection_id: "lab-west", input: null }, asks: false },
  ]);
  tell(report([stage("login", "running"), stage("socket", "waiting")], null));
  expect(screen.getByText("Testing: Login · 1 of 2")).toBeTruthy();
  const fixes: Fix[] = [
    { fix: "ask_credentials" },
    { fix: "edit_field", field: "ssh_host.auth" },
    { fix: "command", place: "on this computer", line: "ssh alice@10.4.0.1" },
  ];
  tell(report([stage("login", "failed", fixes), stage("socket", "skipped")], 1161));
  act(() => core.end(core.streamOf("doctor_open")));
  expect(screen.getByText("Stopped at Login, step 1 of 2, after 161 ms")).toBeTruthy();
  const login = screen.getByText("Login will not do.").closest("li") as HTMLElement;
  expect(within(login).getByText("ssh alice@10.4.0.1")).toBeTruthy();

  await person.click(within(login).getByRole("button", { name: "Change how to log in" }));
  expect(slot()?.focus).toEqual({ field: "ssh_host.auth" });
  await person.click(within(login).getByRole("button", { name: "Enter it…" }));
  expect(core.calls("doctor_open").at(-1)).toMatchObject({ asks: true });
});

test("cancelling closes the stream; testing again begins another", async () => {
  const { core, tell, person } = show();
  tell(report([stage("login", "running")], null));
  await person.click(screen.getByRole("button", { name: "Cancel" }));
  expect(core.calls("stream_close")).toHaveLength(1);
  expect(screen.getByText("Cancelled")).toBeTruthy();
  await person.click(screen.getByRole("button", { name: "Test again" }));
  expect(core.calls("doctor_open")).toHaveLength(2);
});

test("what the form says is tested without being saved", () => {
  const { core, slot } = show();
  const input = {
    kind: "podman",
    name: "x",
    fields: {},
    secrets: {},
    ssh_host: null,
    connect_at_start: true,
  };
  act(() => slot()?.onTest(input));
  expect(core.calls("doctor_open").at(-1)).toMatchObject({ subject: { connection_id: "lab-west", input } });
  expect(core.calls("connection_update")).toEqual([]);
});

test("a missing socket leads to the set-up of the server", async () => {
  const { tell, person } = show();
  tell(report([stage("login", "passed"), stage("socket", "failed", [{ fix: "set_up_server" }])], 2000));
  await person.click(screen.getByRole("button", { name: "Set up the server…" }));
  expect(history.location.pathname).toBe("/connections/lab-west/set-up");
});

test("a key is copied after the person saw what goes where, and the test is made again", async () => {
  const { core, tell, person } = show();
  const line = "ssh-ed25519 AAAA alice@laptop";
  const fix: Fix = { fix: "copy_key", hop: 0, line, file: "~/.ssh/authorized_keys" };
  tell(report([stage("login", "failed", [fix]), stage("socket", "skipped")], 1161));
  act(() => core.end(core.streamOf("doctor_open")));
  await person.click(screen.getByRole("button", { name: "Copy my public key to the server…" }));
  const dialog = screen.getByRole("dialog");
  for (const text of [line, "~/.ssh/authorized_keys", "alice@10.4.0.1"])
    expect(within(dialog).getByText(text)).toBeTruthy();
  expect(core.calls("doctor_copy_key")).toEqual([]);
  await person.click(within(dialog).getByRole("button", { name: "Copy key" }));
  expect(core.calls("doctor_copy_key")).toEqual([
    { subject: { connection_id: "lab-west", input: null }, hop: 0, line, agreed: true },
  ]);
  expect(core.calls("doctor_open")).toHaveLength(2);
  tell(report([stage("login", "passed"), stage("socket", "passed")], 1161));
  act(() => core.end(core.streamOf("doctor_open")));
  expect(screen.getByText("Your key stands in ~/.ssh/authorized_keys on lab-west now.")).toBeTruthy();
});

test("a server without an image leads to the images", async () => {
  const { core, tell, onImage, person } = show();
  tell(report([stage("login", "passed"), stage("socket", "failed", [{ fix: "choose_image" }])], 1161));
  act(() => core.end(core.streamOf("doctor_open")));
  await person.click(screen.getByRole("button", { name: "Choose an image…" }));
  expect(onImage).toHaveBeenCalledOnce();
});
