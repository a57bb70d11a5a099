import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { emptyCore, mergeLists, useCore } from "@/app/store";
import { useToasts } from "@/app/toasts";
import { descriptors } from "@/ipc/mock/connections";
import { importFound, importTaken } from "@/ipc/mock/import";
import { makeScene } from "@/ipc/mock/scenes";
import { type Answers, failure, fakeCore } from "@/test/core";
import { ImportDialog } from ".";

async function show(answers: Answers = {}) {
  const core = fakeCore({
    import_look: () => importFound("rich"),
    import_take: (args) => importTaken(args as unknown as Parameters<typeof importTaken>[0]),
    ...answers,
  });
  useCore.setState(mergeLists(emptyCore, { ...makeScene("rich"), descriptors }), true);
  useToasts.setState({ toasts: [] });
  let isClosed = false;
  render(<ImportDialog onClose={() => (isClosed = true)} />);
  return { core, person: userEvent.setup(), isClosed: () => isClosed };
}

const box = (name: string) => screen.getByRole("checkbox", { name });
const openSsh = () => screen.findByRole("button", { name: /^SSH config/ });

test("what is suggested is ticked, what is here already cannot be, and what was left out says why", async () => {
  const { person } = await show();
  await person.click(await openSsh());
  expect(box("Bring in prod-eu").getAttribute("aria-checked")).toBe("true");
  expect(box("Bring in gate").getAttribute("aria-checked")).toBe("false");
  expect(box("Bring in forge-1").getAttribute("aria-disabled")).toBe("true");
  expect(screen.getByText("Here already as forge-1")).toBeTruthy();
  expect(screen.getByText("The same server as forge-2 in Podman connections")).toBeTruthy();
  const leftOut = within(screen.getByRole("region", { name: "Left out" }));
  expect(leftOut.getByText(/it is a Git server, where nobody works/)).toBeTruthy();
  expect(box("Bring in everything from SSH config").getAttribute("aria-checked")).toBe("mixed");
});

test("a person sees what becomes of a server, renames it, and takes what is ticked", async () => {
  const { core, person, isClosed } = await show();
  await person.click(await openSsh());
  await person.click(screen.getByRole("button", { name: /^prod-eu/ }));
  expect(screen.getAllByText("door@gate.example.org")).toHaveLength(2);
  expect(screen.getByText("The key ~/.ssh/id_work is not there and is left out.")).toBeTruthy();
  await person.clear(screen.getByLabelText("Connection"));
  await person.type(screen.getByLabelText("Connection"), "europe");
  await person.click(box("Bring in attic"));
  await person.click(box("Bring in everything from l8s"));
  await person.click(screen.getByRole("button", { name: "Bring in 2" }));
  expect(core.calls("import_take")).toEqual([
    {
      picks: [
        { id: "ssh:prod-eu", name: "europe" },
        { id: "podman:forge-2", name: "forge-2" },
      ],
    },
  ]);
  expect(isClosed()).toBe(true);
  const [toast] = useToasts.getState().toasts;
  expect(toast?.text).toBe("2 servers were brought in.");
  toast?.action?.run();
  expect(core.calls("connection_delete")).toEqual([
    { connection_id: "europe" },
    { connection_id: "forge-2" },
  ]);
});

test("one that fails stays, ticked, with its reason; the others are taken", async () => {
  const { person, isClosed } = await show();
  await openSsh();
  await person.click(screen.getByRole("button", { name: "Bring in 4" }));
  expect(await screen.findByText(`There is a connection "attic" already.`)).toBeTruthy();
  expect(isClosed()).toBe(false);
  expect(screen.getByRole("button", { name: "Bring in 1" })).toBeTruthy();
});

test("nothing found and a failed look say so", async () => {
  const { core, person } = await show({ import_look: () => [] });
  expect(await screen.findByText("Nothing to import")).toBeTruthy();
  core.answer("import_look", () => {
    throw failure("internal", "this computer's configuration could not be read");
  });
  await person.click(screen.getByRole("button", { name: "Look again" }));
  expect(await screen.findByRole("alert")).toBeTruthy();
});
