import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { useDialogs } from "@/app/dialogs";
import { labActions } from "@/app/lab-actions";
import { history } from "@/app/navigation";
import { emptyCore, findLab, mergeLists, useCore } from "@/app/store";
import { useToasts } from "@/app/toasts";
import { undoNewest } from "@/app/undo";
import type { LabRef, LabVerb, LabView } from "@/ipc";
import { detailOfLab, impairments, labPlan, previewOf } from "@/ipc/mock/lab-detail";
import { makeScene } from "@/ipc/mock/scenes";
import { type Answers, failure, fakeCore } from "@/test/core";
import { ChangeDialog } from "./ChangeDialog";
import { LabPage } from "./LabPage";
import { LabsPage } from "./LabsPage";
import { change, EMPTY } from "./wizard/draft";
import { NewLabDialog } from "./wizard/NewLabDialog";

vi.setConfig({ testTimeout: 30_000 });

const fabric: LabRef = { connection_id: "clab-a", lab_id: "evpn-fabric" };
const two: LabRef = { connection_id: "lab-west", lab_id: "/home/alice/netlab/ospf-two" };

function start(scene: string, answers: Answers = {}) {
  const core = fakeCore({
    lab_inspect: ({ lab }) => {
      const view = findLab(useCore.getState(), lab as LabRef);
      if (!view) throw failure("not_found", "no such lab");
      return { view, detail: detailOfLab(view), positions: {} };
    },
    lab_impairments: () => impairments,
    lab_change_plan: ({ verb }) => labPlan(verb as LabVerb, "evpn-fabric"),
    lab_create_plan: ({ input }) => labPlan("start", (input as { name: string }).name),
    lab_change: () => ({ run_id: "run-1" }),
    lab_create: () => ({ run_id: "run-1" }),
    template_preview: ({ template_id, topology }) => previewOf(String(template_id), String(topology)),
    ...answers,
  });
  useCore.setState(mergeLists(emptyCore, { ...makeScene(scene), descriptors: [] }), true);
  useToasts.setState({ toasts: [] });
  useDialogs.setState({ open: null });
  return { core, person: userEvent.setup() };
}

const opened = { console: vi.fn(), logs: vi.fn() };

function showLab(lab: LabRef, tab: "topology" | "nodes" = "topology", answers: Answers = {}) {
  const started = start("labs", answers);
  render(<LabPage lab={lab} tab={tab} parts={{ runs: null, open: opened }} />);
  return started;
}

beforeEach(() => {
  opened.console.mockClear();
  opened.logs.mockClear();
  change(EMPTY);
  history.push("/labs");
  for (const side of ["clientHeight", "clientWidth"])
    Object.defineProperty(HTMLElement.prototype, side, { configurable: true, get: () => 600 });
});

const names = () =>
  screen
    .getAllByRole("row")
    .map((row) => row.getAttribute("aria-label"))
    .filter(Boolean);

test("labs of all servers stand in one list, narrowed by words and by whose they are", async () => {
  const { person } = start("labs");
  render(<LabsPage />);
  expect(names()).toEqual(["bgp-lan", "evpn-fabric", "isis", "ospf-two", "srl-mpls", "vrf-demo", "wan-old"]);
  await person.click(screen.getByRole("button", { name: "Mine" }));
  expect(names()).not.toContain("srl-mpls");
  await person.type(screen.getByRole("searchbox"), "lab-west stopped");
  expect(names()).toEqual(["isis"]);
  await person.type(screen.getByRole("searchbox"), " nothing");
  await person.click(screen.getByRole("button", { name: "Show all" }));
  expect(names()).toHaveLength(7);
});

test("selected labs are stopped together, those that can be", async () => {
  const { core, person } = start("labs");
  render(<LabsPage />);
  for (const name of ["evpn-fabric", "ospf-two", "vrf-demo"])
    await person.click(screen.getByRole("checkbox", { name: `Select ${name}` }));
  await person.click(screen.getByRole("button", { name: "Stop 2" }));
  await waitFor(() => expect(core.calls("lab_change")).toHaveLength(2));
  expect(core.calls("lab_change").map(({ verb }) => verb)).toEqual(["stop", "stop"]);
});

test("without a lab server the list leads to adding one", async () => {
  const { person } = start("rich");
  render(<LabsPage />);
  await person.click(screen.getByRole("button", { name: "Add a lab server" }));
  expect(useDialogs.getState().open).toEqual({ dialog: "add-connection" });
});

test("arrows walk through the drawing, Enter opens a console, L shows logs", async () => {
  showLab(fabric);
  const s1 = await screen.findByRole("button", { name: "s1, frr · spine, Running" });
  expect(s1.getAttribute("tabindex")).toBe("0");
  s1.focus();
  fireEvent.keyDown(s1, { key: "ArrowRight" });
  const s2 = screen.getByRole("button", { name: "s2, frr · spine, Running" });
  expect(document.activeElement).toBe(s2);
  fireEvent.keyDown(s2, { key: "Enter" });
  expect(opened.console).toHaveBeenCalledWith({
    connection_id: "clab-a",
    workspace_id: "node:evpn-fabric/s2",
  });
  fireEvent.keyDown(s2, { key: "l" });
  expect(opened.logs).toHaveBeenCalledWith(expect.anything(), "s2");
  fireEvent.doubleClick(s1);
  expect(opened.console).toHaveBeenCalledTimes(2);
  expect(screen.getByText("delay 50 ms")).toBeTruthy();
});

test("a double click on a node without a console says why nothing opens", async () => {
  showLab({ connection_id: "lab-west", lab_id: "/home/alice/netlab/bgp-lan" });
  fireEvent.doubleClick(await screen.findByRole("button", { name: "r2, frr, Stopped" }));
  expect(opened.console).not.toHaveBeenCalled();
  expect(useToasts.getState().toasts).toMatchObject([
    { text: "r2 has no console now", detail: "It does not run." },
  ]);
});

test("a lab whose server is away shows its nodes as unknown, not as running", async () => {
  start("labs-away");
  render(<LabPage lab={two} tab="topology" parts={{ runs: null, open: opened }} />);
  expect(await screen.findByRole("button", { name: "r1, frr, Unknown" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: /Running$/ })).toBeNull();
});

test("the menu of a node says why something cannot be done on this server", async () => {
  const { person } = showLab(two);
  fireEvent.contextMenu(await screen.findByRole("button", { name: /^r1/ }));
  const menu = await screen.findByRole("menu");
  const stop = within(menu).getByRole("menuitem", { name: /Stop node/ });
  expect(stop.getAttribute("aria-disabled")).toBe("true");
  expect(stop.textContent).toContain("not with this server");
  await person.click(within(menu).getByRole("menuitem", { name: /Console/ }));
  expect(opened.console).toHaveBeenCalledOnce();
});

test("a node is restarted where the server can do it, and asked for anew", async () => {
  const { core, person } = showLab(fabric, "nodes");
  await person.click(await screen.findByRole("button", { name: "Menu of l2" }));
  await person.click(await screen.findByRole("menuitem", { name: "Restart node" }));
  await waitFor(() => expect(core.calls("lab_inspect")).toHaveLength(2));
  expect(core.calls("lab_node_change")).toEqual([{ lab: fabric, node: "l2", verb: "restart" }]);
});

test("the page says why it is empty when the server does not answer", async () => {
  const { core, person } = showLab(fabric, "topology", {
    lab_inspect: () => {
      throw failure("unreachable", "clab-a does not answer");
    },
  });
  expect(await screen.findByText("clab-a does not answer.")).toBeTruthy();
  await person.click(screen.getByRole("button", { name: "Retry" }));
  await waitFor(() => expect(core.calls("lab_inspect").length).toBeGreaterThan(1));
});

test("files on the server are removed only after the name was typed", async () => {
  const { core, person } = start("labs");
  render(<ChangeDialog lab={fabric} verb="destroy" onClose={() => {}} />);
  const destroy = await screen.findByRole("button", { name: "Destroy" });
  await waitFor(() => expect(destroy).toHaveProperty("disabled", false));
  await person.click(screen.getByRole("radio", { name: /Remove its files too/ }));
  await waitFor(() => expect(destroy).toHaveProperty("disabled", true));
  await person.type(screen.getByRole("textbox"), "evpn-fabric");
  await waitFor(() => expect(destroy).toHaveProperty("disabled", false));
  await person.click(destroy);
  await waitFor(() => expect(core.calls("lab_change")).toHaveLength(1));
  expect(core.calls("lab_change")[0]).toMatchObject({ verb: "destroy", options: { removes_files: true } });
});

test("what a change would do is shown before it is made, and whose lab it is", async () => {
  start("labs");
  render(
    <ChangeDialog lab={{ connection_id: "clab-a", lab_id: "srl-mpls" }} verb="apply" onClose={() => {}} />,
  );
  expect(await screen.findByText("l2 (its image changed)")).toBeTruthy();
  expect(screen.getByText("bob owns this lab, not you.")).toBeTruthy();
});

const evpn = { template_id: "t-labs", topology: "evpn/topology.yml" };

test("a new lab is planned on a server that takes its topology, and begun with what was entered", async () => {
  const { core, person } = start("labs");
  render(<NewLabDialog connectionId={undefined} pick={evpn} onClose={() => {}} />);
  expect(await screen.findByText("does not take Containerlab")).toBeTruthy();
  const name = screen.getByRole("textbox", { name: /Name/ });
  await person.clear(name);
  await person.type(name, "taken");
  await person.click(await screen.findByRole("button", { name: "Use taken-2" }));
  const begin = screen.getByRole("button", { name: "Start" });
  await waitFor(() => expect(begin).toHaveProperty("disabled", false));
  await person.click(begin);
  await waitFor(() => expect(core.calls("lab_create")).toHaveLength(1));
  expect(core.calls("lab_create")[0]).toMatchObject({
    verb: "start",
    input: { connection_id: "clab-a", name: "taken-2", variables: { leafs: "3" }, template: evpn },
  });
  expect(history.location.pathname).toBe("/runs/run-1");
});

test("what is kept of a lab is forgotten at once, and taken back by undoing it", async () => {
  const { core } = start("labs");
  const view = findLab(useCore.getState(), fabric);
  labActions.find(({ id }) => id === "lab.forget")?.run(view as LabView);
  await waitFor(() => expect(useToasts.getState().toasts).toHaveLength(1));
  expect(core.calls("lab_forget")).toEqual([{ lab: fabric }]);
  undoNewest();
  expect(core.calls("lab_restore")).toEqual([{ lab: fabric }]);
});

test("closing the dialog loses nothing of a new lab", async () => {
  const { person } = start("labs");
  const first = render(<NewLabDialog connectionId={undefined} pick={evpn} onClose={() => {}} />);
  const name = await screen.findByRole("textbox", { name: /Name/ });
  await person.clear(name);
  await person.type(name, "mine");
  first.unmount();
  render(<NewLabDialog connectionId={undefined} pick={undefined} onClose={() => {}} />);
  expect(await screen.findByRole("textbox", { name: /Name/ })).toHaveProperty("value", "mine");
});
