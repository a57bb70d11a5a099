import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { emptyCore, mergeEvent, mergeLists, useCore } from "@/app/store";
import type { LinkTarget } from "@/ipc";
import { links } from "@/ipc/mock/notices";
import { makeScene } from "@/ipc/mock/scenes";
import { fakeCore } from "@/test/core";
import { Links } from "./LinkDialog";

function show(scene: string) {
  const link = links[scene];
  if (!link) throw new Error(`no such scene: ${scene}`);
  const core = fakeCore({
    link_answer: ({ answer }) => ({ target: answer === "follow" ? link.target : null }),
  });
  useCore.setState(mergeLists(emptyCore, { ...makeScene(scene), descriptors: [] }), true);
  const followed: LinkTarget[] = [];
  render(<Links onFollow={(target) => followed.push(target)} />);
  return { core, followed, person: userEvent.setup(), link };
}

test("nothing happens before the yes, and Ignore has the focus", async () => {
  const { core, followed, person, link } = show("link");
  expect(
    screen.getByText("Shows the page of atlas-api on forge-1. Nothing is started or stopped."),
  ).toBeTruthy();
  expect(screen.getByText("moorline://workspace/forge-1/atlas-api")).toBeTruthy();
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Ignore"));
  expect(core.calls("link_answer")).toEqual([]);
  await person.click(screen.getByRole("button", { name: "Show" }));
  expect(core.calls("link_answer")).toEqual([{ link_id: "l1", answer: "follow" }]);
  expect(followed).toEqual([link.target]);
});

test("Esc ignores", async () => {
  const { core, followed, person } = show("link-add");
  await waitFor(() => expect(document.activeElement?.textContent).toBe("Ignore"));
  await person.keyboard("{Escape}");
  expect(core.calls("link_answer")).toEqual([{ link_id: "l1", answer: "ignore" }]);
  expect(followed).toEqual([]);
});

test("a proposed connection is shown in full before its form opens", () => {
  show("link-add");
  for (const text of ["forge-9", "forge-9.example.org:2222", "alice"])
    expect(screen.getByText(text, { exact: true })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Open the form" })).toBeTruthy();
});

test("a link that leads nowhere says why and can only be closed", async () => {
  const { core, person } = show("link-nowhere");
  expect(screen.getByText(/There is no connection called "forge-77" here/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Show" })).toBeNull();
  await person.click(screen.getByRole("button", { name: "Close" }));
  expect(core.calls("link_answer")).toHaveLength(1);
  useCore.setState((state) => mergeEvent(state, { event: "links", links: [] }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});
