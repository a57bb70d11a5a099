import { act, fireEvent, render, screen } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import type { LogLine } from "@/ipc";
import { LogBuffer, LogPane, type LogSource, type LogState } from ".";

class Source implements LogSource {
  readonly buffer = new LogBuffer();
  state: LogState = { at: "following" };
  #version = 0;
  readonly #listeners = new Set<() => void>();
  readonly version = () => this.#version;
  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  push(text: string, stream: LogLine["stream"] = "stdout"): void {
    this.buffer.push({ at: null, stream, text });
    this.tell();
  }
  tell(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}

function show(source: Source) {
  const onSave = vi.fn();
  const onAgain = vi.fn();
  render(<LogPane source={source} label="Log of atlas-api" onSave={onSave} onAgain={onAgain} />);
  return { onSave, onAgain };
}

const lines = () => [...document.querySelectorAll("[data-text]")].map((line) => line.textContent);
const type = (query: string) =>
  fireEvent.change(screen.getByRole("searchbox", { name: "Search log" }), { target: { value: query } });

describe("LogPane", () => {
  test("shows lines as they come", () => {
    const source = new Source();
    show(source);
    expect(screen.getByText("No lines yet")).toBeTruthy();
    act(() => source.push("hello"));
    act(() => source.push("world"));
    expect(lines()).toEqual(["hello", "world"]);
  });

  test("text is only ever text, and colours are styles", () => {
    const source = new Source();
    source.push('<img src=x onerror="boom()"> \u001b[31mred\u001b[0m');
    show(source);
    expect(lines()).toEqual(['<img src=x onerror="boom()"> red']);
    expect(document.querySelector("[role=log] img")).toBeNull();
    expect(screen.getByText("red").style.color).toBe("var(--ansi-1)");
  });

  test("draws a handful of a hundred thousand lines", () => {
    const source = new Source();
    for (let number = 0; number < 100_000; number += 1) {
      source.buffer.push({ at: null, stream: "stdout", text: `line ${number}` });
    }
    show(source);
    expect(lines().length).toBeLessThan(200);
  });

  test("counts matches and steps through them, forwards and backwards", async () => {
    const source = new Source();
    for (const text of ["error one", "fine", "Error two", "fine", "ERROR three"]) source.push(text);
    show(source);
    type("error");
    await screen.findByText("1 of 3");
    const input = screen.getByRole("searchbox");
    fireEvent.keyDown(input, { key: "Enter" });
    await screen.findByText("2 of 3");
    fireEvent.keyDown(input, { key: "Enter", shiftKey: true });
    fireEvent.keyDown(input, { key: "Enter", shiftKey: true });
    await screen.findByText("3 of 3");
    expect(document.querySelectorAll("mark")).toHaveLength(3);
    act(() => source.push("error four"));
    await screen.findByText("3 of 4");
    type("nothing like it");
    await screen.findByText("no matches");
  });

  test("stops following when scrolled up and goes on at the end", () => {
    const source = new Source();
    source.push("line");
    show(source);
    const follow = screen.getByRole("button", { name: "Follow" });
    const log = screen.getByRole("log");
    Object.defineProperties(log, {
      scrollHeight: { value: 1000, configurable: true },
      clientHeight: { value: 100, configurable: true },
    });
    log.scrollTop = 900;
    fireEvent.scroll(log);
    expect(follow.getAttribute("aria-pressed")).toBe("true");
    log.scrollTop = 400;
    fireEvent.scroll(log);
    expect(follow.getAttribute("aria-pressed")).toBe("false");
    log.scrollTop = 900;
    fireEvent.scroll(log);
    expect(follow.getAttribute("aria-pressed")).toBe("true");
  });

  test("says that it ended, or why it failed, and offers to open it again", () => {
    const source = new Source();
    source.push("last line");
    const { onAgain } = show(source);
    act(() => {
      source.state = { at: "ended" };
      source.tell();
    });
    fireEvent.click(screen.getByRole("button", { name: "Open again" }));
    act(() => {
      source.state = {
        at: "failed",
        failure: { code: "unreachable", message: "forge-1 went away", hint: null, field: null, detail: null },
      };
      source.tell();
    });
    expect(screen.getByRole("alert").textContent).toContain("forge-1 went away.");
    fireEvent.click(screen.getByRole("button", { name: "Retry" }));
    expect(onAgain).toHaveBeenCalledTimes(2);
  });

  test("copies lines without times and escapes, also those that are not drawn", () => {
    const source = new Source();
    for (let number = 0; number < 500; number += 1) source.push(`\u001b[32mline\u001b[0m ${number}`);
    show(source);
    const log = screen.getByRole("log");
    fireEvent.keyDown(log, { key: "a", ctrlKey: true });
    const setData = vi.fn();
    fireEvent.copy(log, { clipboardData: { setData } });
    const text: unknown = setData.mock.calls[0]?.[1];
    expect(String(text).split("\n")).toHaveLength(500);
    expect(String(text)).toMatch(/^line 0\n.*line 499$/s);
  });
});
