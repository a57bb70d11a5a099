import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";

/* The clock stands still: what a test reads never depends on how fast the computer is. */
const NOW = new Date("2026-11-21T14:02:00");
const stopClock = () => vi.useFakeTimers({ toFake: ["Date"], now: NOW });
stopClock();
beforeEach(() => {
  if (!vi.isFakeTimers()) stopClock();
});

/* There is no canvas here to draw on. */
vi.mock("uplot", () => ({
  default: class {
    setData() {}
    setSize() {}
    destroy() {}
  },
}));

afterEach(() => {
  cleanup();
  document.body.innerHTML = "";
});
