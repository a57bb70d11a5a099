import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { handleShortcut, isShadowed, matchesShortcut, registerActions, useActions } from "./actions";

const key = (key: string, rest: KeyboardEventInit = {}) =>
  new KeyboardEvent("keydown", { key, cancelable: true, bubbles: true, ...rest });

const press = (event: KeyboardEvent, target: EventTarget = document.body) => {
  target.addEventListener("keydown", (heard) => handleShortcut(heard as KeyboardEvent), { once: true });
  target.dispatchEvent(event);
  return event.defaultPrevented;
};

beforeEach(() => useActions.setState({ actions: {} }));
afterEach(() => {
  document.body.innerHTML = "";
});

test.each([
  ["k", { ctrlKey: true }, "Mod+K", true],
  ["K", { ctrlKey: true, shiftKey: true }, "Mod+K", false],
  ["P", { ctrlKey: true, shiftKey: true }, "Mod+Shift+P", true],
  ["?", { shiftKey: true }, "?", true],
  ["n", {}, "n", true],
  ["n", { altKey: true }, "n", false],
  ["k", {}, "Mod+K", false],
])("%s with %j is %s: %s", (pressed, held, shortcut, expected) => {
  expect(matchesShortcut(key(pressed, held), shortcut)).toBe(expected);
});

test("other keys lead to the same action, and one that makes no sense is left alone", () => {
  const run = vi.fn();
  registerActions({ id: "a", title: "A", shortcut: "Mod+K", also: ["Mod+Shift+P"], run });
  registerActions({ id: "b", title: "B", shortcut: "b", when: () => false, run });
  expect(press(key("P", { ctrlKey: true, shiftKey: true }))).toBe(true);
  expect(press(key("b"))).toBe(false);
  expect(run).toHaveBeenCalledOnce();
});

test("fields keep plain keys, and an open dialog keeps all of them", () => {
  const run = vi.fn();
  registerActions(
    { id: "a", title: "A", shortcut: "n", run },
    { id: "b", title: "B", shortcut: "Mod+K", run },
  );
  const field = document.body.appendChild(document.createElement("input"));
  expect(press(key("n"), field)).toBe(false);
  expect(press(key("k", { ctrlKey: true }), field)).toBe(true);
  document.body.insertAdjacentHTML("beforeend", '<div role="dialog"></div>');
  expect(press(key("k", { ctrlKey: true }))).toBe(false);
  expect(run).toHaveBeenCalledOnce();
});

test("the keys of the open page go before the same keys of everywhere", () => {
  const [everywhere, page] = [vi.fn(), vi.fn()];
  const global = { id: "a", title: "A", shortcut: "n", run: everywhere };
  const local = { id: "b", title: "B", shortcut: "n", isOfPage: true, run: page };
  registerActions(global);
  const leave = registerActions(local);
  press(key("n"));
  expect([everywhere.mock.calls.length, page.mock.calls.length]).toEqual([0, 1]);
  expect([isShadowed(global, [global, local]), isShadowed(local, [global, local])]).toEqual([true, false]);
  leave();
  press(key("n"));
  expect(everywhere).toHaveBeenCalledOnce();
});
