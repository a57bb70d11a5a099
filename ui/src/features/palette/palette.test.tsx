import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { registerActions, useActions } from "@/app/actions";
import { openPalette, type PaletteItem, registerPalette, usePalette } from "@/app/palette";
import { fakeCore } from "@/test/core";
import { searcher } from "./find";
import { matchWord, prepare } from "./fuzzy";
import { PaletteLayer } from "./Palette";

const item = (title: string, rest: Partial<PaletteItem> = {}): PaletteItem => ({
  id: title,
  title,
  run: () => {},
  ...rest,
});

const ITEMS = [
  item("Open IDE of atlas-api", { detail: "forge-1" }),
  item("Terminal in atlas-api", { detail: "forge-1" }),
  item("Stop atlas-api", { detail: "forge-1" }),
  item("Remove atlas-api…", { detail: "forge-1", weight: -6 }),
  item("Start atlas-docs", { detail: "forge-1" }),
  item("Stop ml-batch", { detail: "forge-2" }),
  item("Go to Settings"),
];

const titles = (query: string, recent: string[] = []) =>
  searcher(ITEMS, recent)(query).map((found) => found.item.title);

beforeEach(() => {
  localStorage.clear();
  useActions.setState({ actions: {} });
  usePalette.setState({ isOpen: false, sources: [], recent: [] });
});

test.each([
  ["stop atl", ["Stop atlas-api"]],
  ["atlas stop", ["Stop atlas-api"]],
  ["forge-2", ["Stop ml-batch"]],
  ["setngs", ["Go to Settings"]],
  ["zzz", []],
])("%s finds %j", (query, expected) => {
  expect(titles(query)).toEqual(expected);
});

test("what loses something stands behind, what was used lately before", () => {
  expect(titles("atlas-api").at(-1)).toBe("Remove atlas-api…");
  expect(titles("atlas-api", ["Terminal in atlas-api"])[0]).toBe("Terminal in atlas-api");
  expect(titles("", ["Stop ml-batch"]).slice(0, 2)).toEqual(["Stop ml-batch", "Open IDE of atlas-api"]);
});

test("the letters that were meant are known", () => {
  const at = (word: string, text: string) => matchWord(word, prepare(text))?.at;
  expect(at("api", "atlas-api")).toEqual([6, 7, 8]);
  expect(at("aa", "atlas-api")).toEqual([0, 6]);
  expect(at("x", "atlas-api")).toBeUndefined();
});

test("ten thousand things are searched within 50 ms", () => {
  const many = Array.from({ length: 10_000 }, (_, index) =>
    item(`Stop workspace-${index}`, { detail: "forge-1" }),
  );
  const find = searcher(many, []);
  const times = ["warm", "stop 9876", "wrk 99", "forge stop", "stop 9876"].map((query) => {
    const began = performance.now();
    find(query);
    return performance.now() - began;
  });
  expect(find("stop 9876")[0]?.item.title).toBe("Stop workspace-9876");
  // The best of some: other programs use this computer too.
  expect(Math.min(...times.slice(1))).toBeLessThan(50);
});

test("by keyboard alone: opened, narrowed, chosen, run, remembered", async () => {
  fakeCore();
  const run = vi.fn();
  registerActions({ id: "go.runs", title: "Runs", shortcut: "Mod+4", run: () => {} });
  registerPalette(() => [
    ...ITEMS.filter(({ title }) => title !== "Stop atlas-api"),
    item("Stop atlas-api", { run }),
  ]);
  const person = userEvent.setup();
  render(<PaletteLayer />);
  openPalette();
  const field = await screen.findByRole("combobox");
  expect(within(screen.getByRole("option", { name: /Go to Runs/ })).getByText("Ctrl 4")).toBeTruthy();
  await person.type(field, "atlas");
  const active = () => screen.getByRole("option", { selected: true }).textContent;
  const first = active();
  await person.keyboard("{ArrowUp}");
  expect(active()).not.toBe(first);
  await person.keyboard("{ArrowDown}");
  expect(active()).toBe(first);
  await person.type(field, " stop");
  expect(active()).toContain("Stop atlas-api");
  await person.keyboard("{Enter}");
  expect(run).toHaveBeenCalledOnce();
  expect(screen.queryByRole("combobox")).toBeNull();
  expect(usePalette.getState().recent).toEqual(["Stop atlas-api"]);
  expect(localStorage.getItem("moorline.recent")).toBe('["Stop atlas-api"]');
});

test("Esc closes and runs nothing", async () => {
  fakeCore();
  const run = vi.fn();
  registerPalette(() => [item("Stop atlas-api", { run })]);
  render(<PaletteLayer />);
  openPalette();
  await screen.findByRole("combobox");
  await userEvent.keyboard("{Escape}");
  expect(usePalette.getState().isOpen).toBe(false);
  expect(run).not.toHaveBeenCalled();
});
