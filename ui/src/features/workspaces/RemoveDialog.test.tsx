import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { emptyCore, mergeLists, useCore } from "@/app/store";
import { gitStateOf } from "@/ipc/mock/git";
import { makeScene } from "@/ipc/mock/scenes";
import { detailOf, workspaces } from "@/ipc/mock/workspaces";
import { type FakeCore, fakeCore } from "@/test/core";
import { RemoveDialog } from "./RemoveDialog";

const workspace = { connection_id: "forge-1", workspace_id: "atlas-web" };
const view = workspaces.find((row) => row.workspace.name === "atlas-web");
let core: FakeCore;

beforeEach(() => {
  core = fakeCore({
    workspace_inspect: () => view && detailOf(view),
    workspace_remove: () => ({ run_id: "run" }),
    git_link: () => null,
  });
  useCore.setState(mergeLists(emptyCore, { ...makeScene("rich"), descriptors: [] }), true);
});

test("Cancel has the focus, and volumes are kept unless chosen otherwise", async () => {
  render(<RemoveDialog workspace={workspace} onClose={() => {}} />);
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Cancel"));
  await userEvent.setup().click(screen.getByRole("button", { name: "Remove" }));
  expect(core.calls("workspace_remove")).toEqual([{ workspace, volumes: "keep", keeps_remote: false }]);
});

test("volumes are deleted only after the name is typed", async () => {
  const person = userEvent.setup();
  render(<RemoveDialog workspace={workspace} onClose={() => {}} />);
  await person.click(screen.getByRole("radio", { name: /Delete them/ }));
  const remove = screen.getByRole("button", { name: "Remove with volumes" });
  expect(remove).toHaveProperty("disabled", true);
  const goes = await screen.findByRole("list", { name: "What is lost for good" });
  expect(goes.textContent).toContain("The container atlas-web");
  expect(goes.querySelectorAll("li").length).toBe(1 + (view ? detailOf(view).volumes.length : 0));
  await person.type(screen.getByLabelText("Type atlas-web to confirm"), "atlas-web");
  await person.click(remove);
  expect(core.calls("workspace_remove")).toEqual([{ workspace, volumes: "delete", keeps_remote: false }]);
});

test("the git remote goes with it unless it is to stay", async () => {
  const person = userEvent.setup();
  core = fakeCore({
    workspace_inspect: () => view && detailOf(view),
    workspace_remove: () => ({ run_id: "run" }),
    git_link: () => gitStateOf("git").link,
  });
  render(<RemoveDialog workspace={workspace} onClose={() => {}} />);
  const box = await screen.findByRole("checkbox", { name: /Remove the git remote/ });
  expect(box.getAttribute("aria-checked")).toBe("true");
  await person.click(box);
  await person.click(screen.getByRole("button", { name: "Remove" }));
  expect(core.calls("workspace_remove")).toEqual([{ workspace, volumes: "keep", keeps_remote: true }]);
});
