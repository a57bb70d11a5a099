import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { closeDialog, useDialogs } from "@/app/dialogs";
import { useToasts } from "@/app/toasts";
import { editors, notInstalled, notKnown, sshConfig } from "@/ipc/mock/open-in";
import { type FakeCore, fakeCore } from "@/test/core";
import { loadEditors, openIn, SshConfigDialog } from ".";

const workspace = { connection_id: "forge-1", workspace_id: "atlas-api" };
const asked = { workspace, name: "atlas-api", editor: "vs_code" as const };
let core: FakeCore;

beforeEach(() => {
  closeDialog();
  useToasts.setState({ toasts: [] });
  core = fakeCore({
    editors_list: () => ({ editors }),
    ssh_config_get: () => sshConfig(false),
    ssh_config_include: () => sshConfig(true),
  });
});

test("a config that does not know the workspace leads to the question", async () => {
  core.answer("workspace_open_in", () => {
    throw notKnown;
  });
  await openIn(workspace, "atlas-api", "vs_code");
  expect(useDialogs.getState().open).toEqual({ dialog: "ssh-config", next: asked });
});

test("a missing editor says how to get it", async () => {
  await loadEditors();
  core.answer("workspace_open_in", () => {
    throw notInstalled;
  });
  await openIn(workspace, "atlas-api", "cursor");
  const notice = useToasts.getState().toasts.at(-1);
  expect(notice?.detail).toMatch(/^Install Cursor/);
  expect(notice?.action?.label).toBe("Get Cursor");
});

test("the line is shown before it is added, and the editor opens after", async () => {
  const person = userEvent.setup();
  render(<SshConfigDialog next={asked} />);
  await screen.findByText(/^Include "/);
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Cancel"));
  expect(core.calls("ssh_config_include")).toEqual([]);
  await person.click(screen.getByRole("button", { name: "Add and open in VS Code" }));
  await waitFor(() => expect(core.calls("workspace_open_in")).toEqual([{ workspace, editor: "vs_code" }]));
  expect(core.calls("ssh_config_include")).toHaveLength(1);
});
