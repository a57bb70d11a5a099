import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { emptyCore, mergeLists, useCore } from "@/app/store";
import { useToasts } from "@/app/toasts";
import type { TunnelInput } from "@/ipc";
import { makeScene } from "@/ipc/mock/scenes";
import { foundForwards, ways } from "@/ipc/mock/tunnel-detail";
import { madeFrom } from "@/ipc/mock/tunnel-parts";
import { type Answers, failure, fakeCore } from "@/test/core";
import { ImportTunnelsDialog, TunnelDialog } from ".";

function begin(answers: Answers = {}) {
  useCore.setState(mergeLists(emptyCore, { ...makeScene("rich"), descriptors: [] }), true);
  useToasts.setState({ toasts: [] });
  const core = fakeCore({
    tunnel_ways: () => ways,
    tunnels_found: () => foundForwards,
    tunnel_create: (input) => madeFrom(input as unknown as TunnelInput, "jump-1"),
    tunnel_own_address: () => ({ address: "127.77.0.4", command: "sudo ifconfig lo0 alias 127.77.0.4" }),
    ...answers,
  });
  const person = userEvent.setup();
  let isClosed = false;
  const onClose = () => {
    isClosed = true;
  };
  return { core, person, onClose, isClosed: () => isClosed };
}

const field = (name: RegExp) => screen.getByRole("textbox", { name });

test("the form says what it does, and what is missing only when one goes on", async () => {
  const { core, person, onClose, isClosed } = begin();
  render(<TunnelDialog onClose={onClose} />);
  expect(screen.queryByText("Host is needed.")).toBeNull();
  await person.click(screen.getByRole("button", { name: "Create" }));
  expect(screen.getByText("Host is needed.")).toBeTruthy();
  await person.type(screen.getByLabelText("Host"), "db");
  await person.type(screen.getAllByLabelText("Port")[1] as HTMLElement, "5432");
  await person.type(screen.getByLabelText("Through"), "jump-1");
  expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual([
    expect.stringContaining("jump-1"),
  ]);
  await person.tab();
  expect(screen.getByText("Any free port here → db:5432, seen from jump-1.")).toBeTruthy();
  expect(screen.getByText("ssh -N -L 127.0.0.1:0:db:5432 jump-1")).toBeTruthy();
  await person.click(screen.getByRole("button", { name: "Create" }));
  expect(core.calls("tunnel_create")[0]).toMatchObject({
    name: "",
    route: { kind: "local", target: { host: "db", port: 5432 } },
    through: { by: "alias", alias: "jump-1" },
    options: { may_be_exposed: false, starts_with_app: true },
  });
  expect(isClosed()).toBe(true);
});

test("what the core refuses stands at its field", async () => {
  const { person, onClose, isClosed } = begin({
    tunnel_update: () => {
      throw { ...failure("conflict", 'there is a tunnel called "docs"'), field: "name" };
    },
  });
  const tunnel = useCore.getState().tunnels.grafana?.tunnel;
  render(<TunnelDialog tunnel={tunnel} onClose={onClose} />);
  await person.clear(field(/^Name/));
  await person.type(field(/^Name/), "docs");
  await person.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText('There is a tunnel called "docs".')).toBeTruthy();
  expect(field(/^Name/).getAttribute("aria-invalid")).toBe("true");
  expect(isClosed()).toBe(false);
});

test("an address of its own comes with the command that this computer wants", async () => {
  const { person, onClose } = begin();
  render(<TunnelDialog onClose={onClose} />);
  await person.click(screen.getByRole("button", { name: "Its own address" }));
  expect(await screen.findByDisplayValue("127.77.0.4")).toBeTruthy();
  expect(screen.getByText("sudo ifconfig lo0 alias 127.77.0.4")).toBeTruthy();
});

test("other machines are let in only by a switch that names the address, and the warning stays", async () => {
  const { person, onClose } = begin();
  render(<TunnelDialog onClose={onClose} />);
  await person.click(screen.getByRole("button", { name: "More options" }));
  await person.click(screen.getByRole("switch", { name: "Let other machines reach it" }));
  expect(screen.getByRole("alert").textContent).toContain("Whoever can reach 0.0.0.0");
});

test("forwards of the SSH config: what is here already cannot be ticked, one that fails stays with its reason", async () => {
  const { core, person, onClose, isClosed } = begin({
    tunnel_create: (input) => {
      const sent = input as unknown as TunnelInput;
      if (sent.route.kind === "dynamic") throw failure("conflict", "port 1081 is taken");
      return madeFrom(sent, "bastion");
    },
  });
  render(<ImportTunnelsDialog onClose={onClose} />);
  const box = await screen.findByRole("checkbox", { name: /3000 grafana:3000 of jump-1/ });
  expect(box.getAttribute("aria-disabled")).toBe("true");
  expect(screen.getByText(/The bracket in "\[web" is not closed/)).toBeTruthy();
  expect(screen.getByText(/Whoever can reach 0.0.0.0:8080/)).toBeTruthy();
  const open = screen.getByRole("checkbox", { name: /8080 web:80 of build/ });
  expect(open.getAttribute("aria-checked")).toBe("false");
  await person.click(screen.getByRole("button", { name: "Import 3" }));
  expect(await screen.findByText("Port 1081 is taken.")).toBeTruthy();
  expect(screen.getAllByText("Imported")).toHaveLength(2);
  expect(isClosed()).toBe(false);
  expect(screen.getByRole("button", { name: "Import 1" })).toBeTruthy();
  useToasts.getState().toasts[0]?.action?.run();
  expect(core.calls("tunnel_remove")).toHaveLength(2);
});
