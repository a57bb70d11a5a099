import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { MOST_BYTES, tooLarge } from "@/app/paste";
import { emptyCore, mergeLists, useCore } from "@/app/store";
import { makeScene } from "@/ipc/mock/scenes";
import { type FakeCore, fakeCore } from "@/test/core";
import { PasteIntoDialog } from ".";

const workspace = { connection_id: "forge-1", workspace_id: "atlas-api" };
let core: FakeCore;
let isClosed: boolean;

beforeEach(() => {
  isClosed = false;
  core = fakeCore({ workspace_paste: () => ({ path: "/home/dev/x.png", bytes: 3 }) });
  useCore.setState(mergeLists(emptyCore, { ...makeScene("rich"), descriptors: [] }), true);
  const close = () => {
    isClosed = true;
  };
  render(<PasteIntoDialog workspace={workspace} onClose={close} />);
});

test("text becomes a file", async () => {
  const person = userEvent.setup();
  await person.type(screen.getByLabelText(/Ctrl\+V/), "abc");
  await person.click(screen.getByRole("button", { name: "Paste as a file" }));
  await waitFor(() => expect(isClosed).toBe(true));
  expect(core.calls("workspace_paste")).toEqual([{ workspace, kind: "text", data: "YWJj" }]);
});

test("a pasted image is shown, and sent as it is", async () => {
  const image = new File([new Uint8Array([137, 80, 78, 71])], "a.png", { type: "image/png" });
  const clipboardData = { getData: () => "", files: [image], items: [] };
  fireEvent.paste(screen.getByLabelText(/Ctrl\+V/), { clipboardData });
  await screen.findByAltText("The image to paste");
  await userEvent.setup().click(screen.getByRole("button", { name: "Paste as a file" }));
  await waitFor(() =>
    expect(core.calls("workspace_paste")).toEqual([{ workspace, kind: "image", data: "iVBORw==" }]),
  );
});

test("a web view that gives a paste no image is asked for the clipboard", async () => {
  const getType = async () => new Blob([new Uint8Array([137, 80, 78, 71])], { type: "image/png" });
  const read = async () => [{ types: ["image/png"], getType }];
  vi.stubGlobal("navigator", { ...navigator, clipboard: { read, writeText: async () => {} } });
  fireEvent.paste(screen.getByLabelText(/Ctrl\+V/), {
    clipboardData: { getData: () => "", files: [], items: [] },
  });
  await screen.findByAltText("The image to paste");
  vi.unstubAllGlobals();
});

test("what is too large is not sent", () => {
  const large = { size: MOST_BYTES.image + 1 } as Blob;
  expect(tooLarge("image", large)?.message).toMatch(/10 MiB can be pasted/);
  expect(tooLarge("image", { size: MOST_BYTES.image } as Blob)).toBe(null);
});
