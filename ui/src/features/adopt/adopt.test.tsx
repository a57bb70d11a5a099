import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { emptyCore, mergeLists, useCore } from "@/app/store";
import { useToasts } from "@/app/toasts";
import type { AdoptionOffer, WorkspaceView } from "@/ipc";
import { descriptors } from "@/ipc/mock/connections";
import { makeScene } from "@/ipc/mock/scenes";
import { type Answers, failure, fakeCore } from "@/test/core";
import { AdoptDialog, releaseWorkspace } from ".";

const WORKSPACE = { connection_id: "forge-2", workspace_id: "legacy-etl" };
const OFFER: AdoptionOffer = {
  origin: "l8s",
  user: "dev",
  branch: "main",
  repository: "https://git.example.org/etl.git",
  facts: ["Keeps its volumes: legacy-etl-home."],
};

function show(answers: Answers = {}) {
  const core = fakeCore({ workspace_adoption: () => OFFER, ...answers });
  useCore.setState(mergeLists(emptyCore, { ...makeScene("rich"), descriptors }), true);
  let isClosed = false;
  render(<AdoptDialog workspace={WORKSPACE} onClose={() => (isClosed = true)} />);
  return { core, person: userEvent.setup(), isClosed: () => isClosed };
}

const adopt = () => screen.getByRole("button", { name: "Adopt" });

test("what was found is shown before it is adopted, and the user can be another", async () => {
  const { core, person, isClosed } = show();
  const user = await screen.findByLabelText("Terminals open as");
  expect(user).toHaveProperty("value", "dev");
  expect(screen.getByText("https://git.example.org/etl.git")).toBeTruthy();
  expect(screen.getByText("Keeps its volumes: legacy-etl-home.")).toBeTruthy();
  await person.clear(user);
  await person.type(user, "alice");
  await person.click(adopt());
  expect(core.calls("workspace_adopt")).toEqual([{ workspace: WORKSPACE, user: "alice" }]);
  expect(isClosed()).toBe(true);
});

test("a server that cannot be asked says why, and can be asked again", async () => {
  const { core, person } = show({
    workspace_adoption: () => {
      throw failure("unreachable", "forge-2 is not connected");
    },
  });
  expect(await screen.findByText("forge-2 is not connected.")).toBeTruthy();
  expect(adopt()).toHaveProperty("disabled", true);
  core.answer("workspace_adoption", () => OFFER);
  await person.click(screen.getByRole("button", { name: "Retry" }));
  expect(await screen.findByLabelText("Terminals open as")).toBeTruthy();
});

test("letting go can be undone with what was remembered", async () => {
  const { core } = show();
  useToasts.setState({ toasts: [] });
  const view = makeScene("rich").workspaces.find(
    ({ workspace_ref }) => workspace_ref.workspace_id === "legacy-etl",
  ) as WorkspaceView;
  const adoption = { name: "legacy-etl", user: "bob", branch: null, repository: null, adopted_at: 1 };
  await releaseWorkspace({ ...view, adoption });
  expect(core.calls("workspace_release")).toEqual([{ workspace: WORKSPACE }]);
  useToasts.getState().toasts[0]?.action?.run();
  expect(core.calls("workspace_adopt")).toEqual([{ workspace: WORKSPACE, user: "bob" }]);
});
