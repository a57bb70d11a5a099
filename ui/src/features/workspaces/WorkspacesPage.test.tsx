import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { handleShortcut } from "@/app/actions";
import { history } from "@/app/navigation";
import { emptyCore, mergeLists, useCore } from "@/app/store";
import { makeScene } from "@/ipc/mock/scenes";
import { fakeCore } from "@/test/core";
import { WorkspacesPage } from "./WorkspacesPage";

function show(scene: string) {
  fakeCore();
  useCore.setState(mergeLists(emptyCore, { ...makeScene(scene), descriptors: [] }), true);
  render(<WorkspacesPage cpu={() => null} />);
  return userEvent.setup();
}

const shownNames = () =>
  screen
    .getAllByRole("row")
    .map((row) => row.getAttribute("aria-label"))
    .filter(Boolean);

beforeEach(() => {
  // happy-dom lays nothing out: give the scroller a size, so that rows are drawn.
  for (const side of ["clientHeight", "clientWidth"])
    Object.defineProperty(HTMLElement.prototype, side, { configurable: true, get: () => 600 });
  history.push("/workspaces");
});

test("arrows move, End and Home jump, Enter opens", async () => {
  const person = show("rich");
  const rows = () => screen.getAllByRole("row").filter((row) => row.dataset.row !== undefined);
  rows()[0]?.focus();
  await person.keyboard("{ArrowDown}");
  await waitFor(() => expect(document.activeElement).toBe(rows()[1]));
  await person.keyboard("{End}");
  await waitFor(() => expect(document.activeElement).toBe(rows().at(-1)));
  await person.keyboard("{Home}");
  await waitFor(() => expect(document.activeElement).toBe(rows()[0]));
  expect(rows().filter((row) => row.tabIndex === 0)).toHaveLength(1);
  await person.keyboard("{Enter}");
  expect(history.location.pathname).toBe("/workspaces/prod-eu/alice/overview");
});

test("/ goes to the filter, typing narrows, Esc clears and returns to the rows", async () => {
  const person = show("rich");
  window.addEventListener("keydown", handleShortcut, { once: true });
  await person.keyboard("/");
  const filter = screen.getByRole("searchbox");
  expect(document.activeElement).toBe(filter);
  await person.type(filter, "atlas run");
  expect(shownNames()).toEqual(["atlas-api", "atlas-web"]);
  await person.keyboard("{Escape}");
  expect(shownNames()).toHaveLength(10);
});

test("Enter opens the row that has the focus, also after the list changed around it", async () => {
  const person = show("rich");
  await person.type(screen.getByRole("searchbox"), "web{Escape}");
  expect(document.activeElement?.getAttribute("aria-label")).toBe("atlas-web");
  await person.keyboard("{Enter}");
  expect(history.location.pathname).toBe("/workspaces/forge-1/atlas-web/overview");
});

test("segments narrow too, and their emptiness says so", async () => {
  const person = show("rich");
  await person.click(screen.getByRole("button", { name: /^Running/ }));
  expect(shownNames()).toEqual(["alice", "atlas-api", "atlas-web", "registry", "review-7f3a1"]);
  await person.type(screen.getByRole("searchbox"), "nothing like it");
  expect(screen.getByText(/No workspace matches “nothing like it”/)).toBeTruthy();
  await person.click(screen.getByRole("button", { name: "Show all" }));
  expect(shownNames()).toHaveLength(10);
});

test.each([
  ["none", /No workspaces on forge-1/],
  ["down", /No server answers/],
  ["empty", /No server yet/],
])("the emptiness of scene %s says which it is", (scene, text) => {
  show(scene);
  expect(screen.getByRole("heading", { level: 2, name: text })).toBeTruthy();
});

test("stale rows keep standing, with their time, the reason and a way on", () => {
  show("rich");
  const row = screen.getByRole("row", { name: "bob" });
  expect(within(row).getByText(/^Unknown · /)).toBeTruthy();
  expect(screen.getByText(/Cannot reach host "jump-3"/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Try now" })).toBeTruthy();
});

test("a thousand rows draw only what can be seen", () => {
  show("many");
  const rows = shownNames().length;
  expect(rows).toBeGreaterThan(10);
  expect(rows).toBeLessThan(60);
});
