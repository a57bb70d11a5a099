import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { emptyCore, mergeLists, useCore } from "@/app/store";
import { useToasts } from "@/app/toasts";
import { makeScene } from "@/ipc/mock/scenes";
import { failure, fakeCore } from "@/test/core";
import { ResetDialog, row, SettingsPage, TransferDialog } from ".";
import { find } from "./find";
import { watchUpdates } from "./update-notice";

const load = (scene = "rich") =>
  useCore.setState(mergeLists(emptyCore, { ...makeScene(scene), descriptors: [] }));

beforeEach(() => {
  load();
  useToasts.setState({ toasts: [] });
});

describe("the settings", () => {
  test("a section is shown, and search looks into all of them", () => {
    fakeCore();
    render(<SettingsPage section="terminal" />);
    expect(screen.getByRole("heading", { name: "Terminal" })).toBeTruthy();
    expect(screen.queryByText("Density")).toBeNull();
    const search = screen.getByRole("searchbox", { name: "Search settings" });
    fireEvent.change(search, { target: { value: "row list" } });
    expect(screen.getByText("Density")).toBeTruthy();
    fireEvent.change(search, { target: { value: "nothing has this" } });
    fireEvent.click(screen.getByRole("button", { name: "Clear search" }));
    expect(screen.getByRole("heading", { name: "Terminal" })).toBeTruthy();
  });

  test("words are found in labels, helps and titles", () => {
    const rows = [row({ id: "a", label: "Font size", help: "In pixels.", control: () => null })];
    const sections = [{ id: "terminal", title: "Terminal", icon: null, rows }];
    expect(find(sections, "PIXEL font")).toHaveLength(1);
    expect(find(sections, "terminal")).toHaveLength(1);
    expect(find(sections, "colour")).toEqual([]);
  });

  test("what the system refuses is said at its switch, which goes back", async () => {
    const refused = { ...failure("internal", "the system does not let it"), field: "start_at_login" };
    fakeCore({
      settings_set: () => {
        throw refused;
      },
    });
    render(<SettingsPage section="window" />);
    const control = screen.getByRole("switch", { name: "Start when I log in" });
    const before = control.getAttribute("aria-checked");
    fireEvent.click(control);
    await screen.findByText(/The system does not let it/);
    expect(control.getAttribute("aria-checked")).toBe(before);
  });

  test("a number out of range is not sent", () => {
    const core = fakeCore();
    render(<SettingsPage section="ssh" />);
    const field = screen.getByRole("textbox", { name: "Keepalive" });
    fireEvent.change(field, { target: { value: "4" } });
    fireEvent.blur(field);
    expect(screen.getByText("Keepalive is a whole number from 5 to 300.")).toBeTruthy();
    expect(core.calls("settings_set")).toEqual([]);
    fireEvent.change(field, { target: { value: "30" } });
    fireEvent.blur(field);
    expect(core.calls("settings_set")).toMatchObject([{ keepalive_seconds: 30 }]);
  });

  test("the defaults come back with a way to undo", async () => {
    const core = fakeCore({ settings_reset: () => makeScene("rich").settings });
    render(<SettingsPage section="data" />);
    fireEvent.click(screen.getByRole("button", { name: "Use defaults" }));
    await waitFor(() => expect(useToasts.getState().toasts).toHaveLength(1));
    useToasts.getState().toasts[0]?.action?.run();
    await waitFor(() => expect(core.calls("settings_set")).toHaveLength(1));
  });
});

describe("updates", () => {
  test("a new version is told once, and installed by one button", () => {
    const core = fakeCore();
    const stop = watchUpdates();
    act(() => load("update"));
    act(() => useCore.setState({ update: makeScene("update").update }));
    expect(useToasts.getState().toasts.map(({ text }) => text)).toEqual(["Moorline 0.2.0 is out"]);
    stop();
    render(<SettingsPage section="updates" />);
    expect(screen.getByText(/with a certificate for each/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Install and restart" }));
    expect(core.calls("update_install")).toHaveLength(1);
  });

  test("switched off, nothing can be asked", () => {
    fakeCore();
    useCore.setState({ update: { at: "off" } });
    render(<SettingsPage section="updates" />);
    expect(screen.getByText("The check is off.")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Check now" })).toBeNull();
  });
});

describe("forgetting everything", () => {
  test("needs the word typed", async () => {
    const core = fakeCore({ app_reset: () => ({ path: "/b" }) });
    const reload = vi.spyOn(location, "reload").mockImplementation(() => {});
    render(<ResetDialog onClose={vi.fn()} />);
    const button = screen.getByRole("button", { name: "Forget everything" });
    expect(button).toHaveProperty("disabled", true);
    fireEvent.change(screen.getByRole("textbox"), { target: { value: "forget" } });
    fireEvent.click(button);
    await waitFor(() => expect(reload).toHaveBeenCalled());
    expect(core.calls("app_reset")).toHaveLength(1);
  });
});

describe("importing a file", () => {
  test("new items are chosen, different ones are not, refused ones cannot be", async () => {
    const item = (key: string, change: object) => ({
      key,
      kind: "connection",
      name: key,
      change,
      asks_for_secrets: false,
    });
    const core = fakeCore({
      transfer_preview: () => ({
        made_by: "Moorline 0.1.0",
        items: [
          item("fresh", { change: "new" }),
          item("other", { change: "differs", points: ["name", "fields"] }),
          item("odd", { change: "refused", reason: "its SSH host is not in the file" }),
          item("same", { change: "same" }),
        ],
      }),
      transfer_import: () => ({ added: 1, replaced: 0, backup: "/b" }),
    });
    const onClose = vi.fn();
    render(<TransferDialog text="x" onClose={onClose} />);
    const box = async (name: RegExp) => screen.findByRole("checkbox", { name });
    expect(await box(/fresh/)).toHaveProperty("checked", true);
    expect(await box(/other differs in name, fields/)).toHaveProperty("checked", false);
    expect(await box(/odd/)).toHaveProperty("disabled", true);
    expect(screen.queryByRole("checkbox", { name: /same/ })).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Import 1 item" }));
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(core.calls("transfer_import")).toEqual([{ text: "x", keys: ["fresh"] }]);
  });
});
