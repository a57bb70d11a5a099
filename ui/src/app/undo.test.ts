import { beforeEach, expect, test, vi } from "vitest";
import { linkTo } from "./links";
import { dismissToast, useToasts } from "./toasts";
import { canUndo, offerUndo, undoNewest } from "./undo";

beforeEach(() => useToasts.setState({ toasts: [] }));

test("the newest thing is undone, once, while its notice stands", () => {
  const [first, second] = [vi.fn(), vi.fn()];
  offerUndo("first", first);
  offerUndo("second", second);
  expect(canUndo()).toBe(true);
  undoNewest();
  expect(canUndo()).toBe(false);
  undoNewest();
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
  expect(useToasts.getState().toasts.map(({ text, expiresMs }) => [text, expiresMs])).toEqual([
    ["first", 5000],
  ]);
});

test("what was dismissed can no longer be undone", () => {
  offerUndo("gone", vi.fn(), "id");
  dismissToast("id");
  expect(canUndo()).toBe(false);
});

test("links are written as the core reads them", () => {
  expect(linkTo("workspace", "für alle", "a/b(c)")).toBe("moorline://workspace/f%C3%BCr%20alle/a%2Fb%28c%29");
});
