import { beforeEach, describe, expect, test, vi } from "vitest";
import { closePanel, emptyDock, movePanel, openPanel, showPanel, sideOf, useDock } from "./dock";

const open = (...ids: string[]) => {
  for (const id of ids) openPanel({ id, title: id, content: null });
};
const picture = () => {
  const state = useDock.getState();
  const side = (name: "left" | "right") =>
    state.panels
      .filter(({ id }) => sideOf(state, id) === name)
      .map(({ id }) => (state.shown[name] === id ? `[${id}]` : id))
      .join(" ");
  return `${side("left")} | ${side("right")} > ${state.activeId}`;
};

beforeEach(() => useDock.setState(emptyDock));

describe("the dock", () => {
  test("a panel moves to the other side and back, and its neighbour is shown", () => {
    open("a", "b", "c");
    expect(picture()).toBe("a b [c] |  > c");
    movePanel("b");
    expect(picture()).toBe("a [c] | [b] > b");
    open("d");
    expect(picture()).toBe("a [c] | b [d] > d");
    movePanel("d");
    expect(picture()).toBe("a c [d] | [b] > d");
  });

  test("the last panel of the left side stays there", () => {
    open("a");
    movePanel("a");
    expect(picture()).toBe("[a] |  > a");
    open("b");
    movePanel("b");
    movePanel("a");
    expect(picture()).toBe("[a] | [b] > b");
  });

  test("closing a side's last panel leaves the other side alone", () => {
    open("a", "b");
    movePanel("b");
    closePanel("a");
    expect(picture()).toBe("[b] |  > b");
    closePanel("b");
    expect(useDock.getState()).toMatchObject({ panels: [], activeId: null, isOpen: false });
  });

  test("showing a panel brings it to the front of its side", () => {
    open("a", "b", "c");
    movePanel("c");
    showPanel("a");
    expect(picture()).toBe("[a] b | [c] > a");
  });

  test("a panel that is asked for before it comes stands beside the one used last", () => {
    open("a", "b");
    movePanel("b");
    showPanel("c");
    open("c");
    expect(picture()).toBe("[a] | b [c] > c");
  });
});

describe("after a reload of the window", () => {
  test("panels come back to their places, in whatever order they arrive", async () => {
    open("t1", "t2", "log");
    movePanel("log");
    showPanel("t1");
    vi.resetModules();
    const fresh = await import("./dock");
    for (const id of ["log", "t2", "t1", "t3"]) {
      if (id === "t3") expect(fresh.useDock.getState().activeId).toBe("t1");
      fresh.openPanel({ id, title: id, content: null });
    }
    const { panels, right, shown } = fresh.useDock.getState();
    expect(panels.map(({ id }) => id)).toEqual(["t1", "t2", "log", "t3"]);
    expect(right).toEqual(["log"]);
    expect(shown).toEqual({ left: "t3", right: "log" });
  });
});
