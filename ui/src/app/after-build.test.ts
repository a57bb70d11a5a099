import { beforeEach, expect, test } from "vitest";
import { runs } from "@/ipc/mock/runs";
import { createAfter } from "./after-build";
import { closeDialog, openDialog, useDialogs } from "./dialogs";
import { emptyCore, useCore } from "./store";
import { useToasts } from "./toasts";

const build = { ...runs[0], id: "build", status: "running" as const };

const say = (status: "running" | "succeeded" | "failed") =>
  useCore.setState((state) => ({ runs: { ...state.runs, build: { ...build, status } as (typeof runs)[0] } }));

beforeEach(() => {
  useCore.setState(emptyCore, true);
  closeDialog();
});

test("a build that succeeds leads to the form, with its image", () => {
  say("running");
  createAfter("build", "forge-1", "localhost/dev:2");
  expect(useDialogs.getState().open).toBeNull();
  say("succeeded");
  expect(useDialogs.getState().open).toEqual({
    dialog: "create-workspace",
    connectionId: "forge-1",
    image: "localhost/dev:2",
  });
  closeDialog();
  say("succeeded");
  expect(useDialogs.getState().open, "once is enough").toBeNull();
});

test("a build that fails leads nowhere, and an open dialog stays", () => {
  say("running");
  createAfter("build", "forge-1", "localhost/dev:2");
  say("failed");
  expect(useDialogs.getState().open).toBeNull();
  say("running");
  createAfter("build", "forge-1", "localhost/dev:2");
  openDialog({ dialog: "shortcuts" });
  say("succeeded");
  expect(useDialogs.getState().open).toEqual({ dialog: "shortcuts" });
  expect(useToasts.getState().toasts.map(({ text }) => text)).toEqual(["localhost/dev:2 is built."]);
});
