import { cleanup } from "@testing-library/react";
import { afterEach, vi } from "vitest";

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
