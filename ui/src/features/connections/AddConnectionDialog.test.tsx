import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { history } from "@/app/navigation";
import { emptyCore, mergeLists, useCore } from "@/app/store";
import { connections, descriptors } from "@/ipc/mock/connections";
import { makeScene } from "@/ipc/mock/scenes";
import { type Answers, fakeCore } from "@/test/core";
import { AddConnectionDialog } from "./AddConnectionDialog";

function show(answers: Answers) {
  const core = fakeCore({ ssh_hosts_list: () => [], ...answers });
  useCore.setState(mergeLists(emptyCore, { ...makeScene("empty"), descriptors }), true);
  let isClosed = false;
  render(<AddConnectionDialog onClose={() => (isClosed = true)} />);
  return { core, person: userEvent.setup(), isClosed: () => isClosed };
}

const add = () => screen.getByRole("button", { name: "Add and connect" });

test("the form is drawn from the descriptor, sent once it is right, and the connection shown", async () => {
  const { core, person, isClosed } = show({ connection_create: () => connections[0] });
  await person.click(add());
  expect(screen.getByText("Address is needed.")).toBeTruthy();
  expect(core.calls("connection_create")).toEqual([]);
  await person.type(screen.getByLabelText("Address"), "forge-1.example.org");
  await person.type(screen.getByLabelText("User"), "alice");
  expect(screen.getByLabelText("Name")).toHaveProperty("value", "forge-1");
  expect(screen.queryByLabelText(/Socket/)).toBeNull();
  await person.click(screen.getByRole("button", { name: "More options" }));
  expect(screen.getByLabelText("Socket (optional)")).toBeTruthy();
  await person.click(add());
  expect(core.calls("connection_create")).toMatchObject([
    { kind: "podman", name: "forge-1", fields: { mode: "auto" }, ssh_host: { user: "alice" } },
  ]);
  expect(isClosed()).toBe(true);
  expect(history.location.pathname).toBe("/connections/forge-1");
});

test("what the core has against a field stands at that field", async () => {
  const { person, isClosed } = show({
    connection_create: () => {
      throw {
        code: "conflict",
        message: "there is a connection called forge-1 already",
        hint: null,
        field: "name",
        detail: null,
        is_retryable: false,
      };
    },
  });
  await person.type(screen.getByLabelText("Address"), "forge-1");
  await person.type(screen.getByLabelText("User"), "alice");
  await person.click(add());
  expect(screen.getByLabelText("Name").getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByText("There is a connection called forge-1 already.")).toBeTruthy();
  expect(isClosed()).toBe(false);
});
