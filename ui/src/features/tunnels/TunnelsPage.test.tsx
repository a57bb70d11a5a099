import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { handleShortcut } from "@/app/actions";
import { useDialogs } from "@/app/dialogs";
import { history } from "@/app/navigation";
import { emptyCore, mergeLists, useCore } from "@/app/store";
import { useToasts } from "@/app/toasts";
import type { TunnelView } from "@/ipc";
import { makeScene } from "@/ipc/mock/scenes";
import { detailOfTunnel, foundForwards, readLine, ways } from "@/ipc/mock/tunnel-detail";
import { madeFrom, plainOptions, tcp } from "@/ipc/mock/tunnel-parts";
import { type Answers, failure, fakeCore } from "@/test/core";
import { TunnelsPage } from "./TunnelsPage";

// A grid with menus takes its time where many programs share the computer.
vi.setConfig({ testTimeout: 20_000 });

const find = (id: unknown): TunnelView => useCore.getState().tunnels[String(id)] as TunnelView;

function show(scene: string, tunnelId?: string, answers: Answers = {}) {
  const core = fakeCore({
    tunnel_ways: () => ways,
    tunnel_read: ({ line }) => readLine(String(line)),
    tunnel_create: (input) => madeFrom(input as unknown as Parameters<typeof madeFrom>[0], "jump-1"),
    tunnel_inspect: ({ tunnel_id }) => detailOfTunnel(find(tunnel_id)),
    tunnels_found: () => foundForwards,
    ...answers,
  });
  useCore.setState(mergeLists(emptyCore, { ...makeScene(scene), descriptors: [] }), true);
  useToasts.setState({ toasts: [] });
  render(<TunnelsPage tunnelId={tunnelId} />);
  return { core, person: userEvent.setup() };
}

const names = () =>
  screen
    .getAllByRole("row")
    .map((row) => row.getAttribute("aria-label"))
    .filter(Boolean);

const line = () => screen.getByRole("combobox", { name: "New tunnel, typed" });

beforeEach(() => {
  for (const side of ["clientHeight", "clientWidth"])
    Object.defineProperty(HTMLElement.prototype, side, { configurable: true, get: () => 600 });
  history.push("/tunnels");
});

test("the list is in the order of names and narrowed by what is typed", async () => {
  const { person } = show("rich");
  expect(names()).toEqual([
    "api",
    "atlas-web",
    "debug",
    "docs",
    "grafana",
    "kafka-ui",
    "postgres",
    "SOCKS",
    "webhooks",
  ]);
  await person.type(screen.getByRole("searchbox"), "open forge-1");
  expect(names()).toEqual(["atlas-web", "postgres"]);
  await person.type(screen.getByRole("searchbox"), " nothing");
  expect(screen.getByText(/No tunnel matches/)).toBeTruthy();
});

test("n leads to the field, a line says what it does, Enter makes it and shows it", async () => {
  const { core, person } = show("rich");
  window.addEventListener("keydown", handleShortcut, { once: true });
  await person.keyboard("n");
  expect(document.activeElement).toBe(line());
  await person.keyboard("8081:billing:8080 via ju");
  expect((await screen.findAllByRole("option")).map((option) => option.textContent)).toEqual([
    "jump-1ops@10.0.0.9:22",
    "jump-2alice@10.0.0.8:22",
  ]);
  await person.keyboard("{Tab}");
  expect(line()).toHaveProperty("value", "8081:billing:8080 via jump-1");
  expect(await screen.findByText("Port 8081 here → billing:8080, seen from jump-1")).toBeTruthy();
  await person.keyboard("{Enter}");
  await waitFor(() => expect(history.location.pathname).toBe("/tunnels/billing"));
  expect(core.calls("tunnel_create")).toHaveLength(1);
  expect(names()).toContain("billing");
  expect(line()).toHaveProperty("value", "");
});

test("a line that is wrong offers one that works, and is never lost", async () => {
  const { core, person } = show("rich", undefined, {
    tunnel_create: () => {
      throw failure("conflict", "port 8080 is taken");
    },
  });
  await person.type(line(), "8080");
  await person.click(await screen.findByRole("button", { name: "Use 8080:db:5432 via jump-1" }));
  await person.keyboard("{Enter}");
  expect(await screen.findByText("Port 8080 is taken.")).toBeTruthy();
  expect(line()).toHaveProperty("value", "8080:db:5432 via jump-1");
  expect(core.calls("tunnel_create")).toHaveLength(1);
});

test("arrows move, Enter shows, and with a detail open the arrows lead it along", async () => {
  const { person } = show("rich", "debug");
  const rows = () => screen.getAllByRole("row").filter((row) => row.dataset.row !== undefined);
  rows()[2]?.focus();
  await person.keyboard("{ArrowDown}");
  expect(history.location.pathname).toBe("/tunnels/docs");
  await waitFor(() => expect(document.activeElement).toBe(rows()[3]));
  await person.keyboard("{Escape}");
  expect(history.location.pathname).toBe("/tunnels");
});

test("several are stopped at once, each failure is named, and it can be taken back", async () => {
  const { core, person } = show("rich", undefined, {
    tunnel_stop: ({ tunnel_id }) => {
      if (tunnel_id === "grafana") throw failure("busy", "it is just starting");
      return {};
    },
  });
  await person.click(screen.getByRole("checkbox", { name: "Select grafana" }));
  await person.click(screen.getByRole("checkbox", { name: "Select postgres" }));
  await person.click(screen.getByRole("button", { name: "Stop 2" }));
  await waitFor(() => expect(useToasts.getState().toasts).toHaveLength(2));
  const [done, failed] = useToasts.getState().toasts;
  expect(done?.text).toBe("Stopped 1 tunnel");
  expect(failed?.detail).toBe("grafana: it is just starting");
  done?.action?.run();
  await waitFor(() => expect(core.calls("tunnel_start")).toEqual([{ tunnel_id: "postgres", port: null }]));
});

test("a removed tunnel can be brought back as it was: stopped, if it was", async () => {
  const { core, person } = show("rich");
  await person.click(screen.getByRole("button", { name: "More for debug" }));
  await person.click(await screen.findByRole("menuitem", { name: "Remove" }));
  expect(core.calls("tunnel_remove")).toEqual([{ tunnel_id: "debug" }]);
  await waitFor(() => expect(names()).not.toContain("debug"));
  useToasts.getState().toasts[0]?.action?.run();
  await waitFor(() => expect(core.calls("tunnel_stop")).toHaveLength(1));
  expect(core.calls("tunnel_create")).toEqual([
    {
      name: "debug",
      route: { kind: "local", listen: tcp("127.0.0.1", 9229), target: tcp("review-7f3a1", 9229) },
      through: { by: "host", ssh_host_id: "host-prod-eu" },
      options: plainOptions,
    },
  ]);
  expect(names()).toContain("debug");
});

test("a host that was forgotten with its tunnel is taken from the SSH config again", async () => {
  const { core, person } = show("rich", undefined, {
    tunnel_create: (sent) => {
      const input = sent as unknown as Parameters<typeof madeFrom>[0];
      if (input.through.by === "host") throw failure("not_found", "the SSH host is gone");
      return madeFrom(input, "jump-1");
    },
  });
  await person.click(screen.getByRole("button", { name: "More for SOCKS" }));
  await person.click(await screen.findByRole("menuitem", { name: "Remove" }));
  await waitFor(() => expect(useToasts.getState().toasts).toHaveLength(1));
  useToasts.getState().toasts[0]?.action?.run();
  await waitFor(() => expect(core.calls("tunnel_create")).toHaveLength(2));
  expect(core.calls("tunnel_create")[1]?.through).toEqual({ by: "alias", alias: "jump-1" });
});

test("a taken port names who holds it and offers a free one for this time", async () => {
  const { core, person } = show("rich", "api");
  const detail = within(screen.getByRole("region", { name: "The tunnel api" }));
  expect(detail.getByText(/It is held by node .*vite --port 8080 \(pid 4121\)/)).toBeTruthy();
  await person.click(detail.getByRole("button", { name: "Use 8081 this time" }));
  expect(core.calls("tunnel_start")).toEqual([{ tunnel_id: "api", port: 8081 }]);
});

test("a lost way counts down, says what new connections do, and is tried now on demand", async () => {
  const { core, person } = show("rich", "docs");
  const detail = within(screen.getByRole("region", { name: "The tunnel docs" }));
  expect(detail.getByText(/Next try in 6 s \(try 3\).*new connections wait up to 20 s/)).toBeTruthy();
  await person.click(detail.getByRole("button", { name: "Reconnect now" }));
  expect(core.calls("tunnel_retry")).toEqual([{ tunnel_id: "docs" }]);
});

test("the way is told machine by machine, also to those who cannot see it", async () => {
  show("rich", "grafana");
  const way = within(screen.getByRole("list", { name: "The way, machine by machine" }));
  expect(way.getAllByRole("listitem").map((item) => item.getAttribute("aria-label"))).toEqual([
    "This computer, up",
    "jump-1, up",
    "ops, up",
    "grafana:3000, up",
  ]);
  expect(way.getByText("3 ms")).toBeTruthy();
});

test("the past is asked for again when something happens, at most once a second", async () => {
  vi.useFakeTimers();
  const { core } = show("rich", "grafana");
  await vi.advanceTimersByTimeAsync(10);
  expect(core.calls("tunnel_inspect")).toHaveLength(1);
  for (let index = 0; index < 20; index++) {
    const view = find("grafana");
    useCore.setState(({ tunnels }) => ({ tunnels: { ...tunnels, grafana: { ...view } } }));
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(core.calls("tunnel_inspect").length).toBeGreaterThanOrEqual(2);
  expect(core.calls("tunnel_inspect").length).toBeLessThanOrEqual(3);
  vi.useRealTimers();
});

test("requests are watched after one click", async () => {
  const { core, person } = show("rich", "postgres");
  await person.click(await screen.findByRole("tab", { name: /Requests/ }));
  await person.click(await screen.findByRole("button", { name: "Watch HTTP" }));
  const [sent] = core.calls("tunnel_update");
  expect(sent).toMatchObject({ tunnel_id: "postgres", input: { options: { is_http_watched: true } } });
});

test("none yet: an example can be clicked, and what the SSH config has can be brought in", async () => {
  const { person } = show("none");
  await person.click(await screen.findByRole("button", { name: /^Type 8080:localhost:8080 via forge-1/ }));
  expect(line()).toHaveProperty("value", "8080:localhost:8080 via forge-1");
  expect(document.activeElement).toBe(line());
  await person.click(screen.getByRole("button", { name: "Import 4 from the SSH config…" }));
  expect(useDialogs.getState().open).toEqual({ dialog: "import-tunnels" });
});
