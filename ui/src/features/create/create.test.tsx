import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { history } from "@/app/navigation";
import { emptyCore, useCore } from "@/app/store";
import { fieldRows } from "@/components";
import type { ConnectionView, Field, FieldProblem, Form, Plan } from "@/ipc";
import { type FakeCore, failure, fakeCore } from "@/test/core";
import { CreateDialog } from ".";

const field = (name: string, kind: Field["kind"], rest: Partial<Field> = {}): Field => ({
  name,
  label: name.charAt(0).toUpperCase() + name.slice(1),
  help: null,
  placeholder: null,
  is_required: false,
  default: null,
  is_advanced: false,
  kind,
  ...rest,
});

const form: Form = {
  fields: [
    field("name", { type: "text", mono: true }, { is_required: true }),
    field("image", { type: "choice", open: true, choices: [] }, { is_required: true, default: "dev:1" }),
    field("memory", { type: "number", unit: "MiB", min: 6, max: 4096 }),
    field("command", { type: "text", mono: true }, { is_advanced: true }),
  ],
};

const server = (id: string, isUp = true): ConnectionView => ({
  connection: {
    id,
    kind: "podman",
    name: id,
    fields: {},
    secrets: {},
    ssh_host_id: null,
    connect_at_start: true,
    created_at: 0,
  },
  ssh_host: null,
  jumps: [],
  state: isUp ? { state: "connected", since: 0, round_trip_ms: 5 } : { state: "disconnected" },
  server: {
    product: "Podman 4.3.1",
    remark: null,
    cpus: 4,
    memory_bytes: null,
    memory_free_bytes: 43 * 2 ** 30,
    disk_free_bytes: null,
  },
  abilities: {
    lifecycle: true,
    watch: true,
    endpoints: true,
    logs: true,
    exec: true,
    files: true,
    metrics: true,
    apply: true,
    rebuild: true,
    volumes: true,
    ssh_access: true,
    images: true,
    adopt: true,
    labs: false,
  },
  workspace_count: 0,
  labs: null,
  lab_count: 0,
});

/** A server on which the name atlas-api is taken. */
function planOf({ input }: Record<string, unknown>): Plan {
  const values = input as Record<string, string>;
  const problems: FieldProblem[] =
    values.name === "atlas-api"
      ? [
          {
            field: "name",
            message: "forge-1 already has atlas-api. atlas-api-2 is free.",
            suggestion: "atlas-api-2",
          },
        ]
      : [];
  return {
    subject: values.name ?? "",
    input: values,
    steps: [{ name: "Container", summary: `Make ${values.name} from ${values.image}` }],
    warnings: ["The image has no web IDE"],
    problems,
    command: "podman create",
  };
}

let core: FakeCore;
const onClose = vi.fn();

beforeEach(() => {
  onClose.mockReset();
  core = fakeCore({
    workspace_form: () => form,
    workspace_plan: planOf,
    workspace_create: () => ({ run_id: "r9" }),
  });
  useCore.setState({
    ...emptyCore,
    loading: { at: "ready" },
    connections: [server("forge-1"), server("forge-2"), server("down", false)],
  });
});

const createButton = () => screen.getByRole<HTMLButtonElement>("button", { name: "Create" });

async function open() {
  render(<CreateDialog onClose={onClose} />);
  const name = await screen.findByRole("textbox", { name: "Name" });
  return { type: (text: string) => fireEvent.change(name, { target: { value: text } }), name };
}

describe("CreateDialog", () => {
  test("offers connected servers with their free memory", async () => {
    await open();
    const cards = screen.getAllByRole("radio").map((card) => card.textContent);
    expect(cards).toEqual(["forge-1Podman 4.3.143 GiB free", "forge-2Podman 4.3.143 GiB free"]);
    fireEvent.click(screen.getByRole("radio", { name: /forge-2/ }));
    await waitFor(() => expect(core.calls("workspace_form").at(-1)).toEqual({ connection_id: "forge-2" }));
  });

  test("an untouched field is not blamed, and nothing is asked before the form can be planned", async () => {
    const { type } = await open();
    expect(screen.queryByText("Name is needed.")).toBeNull();
    expect(createButton().disabled).toBe(true);
    expect(core.calls("workspace_plan")).toEqual([]);
    type("e");
    type("");
    expect(screen.getByText("Name is needed.")).toBeTruthy();
  });

  test("a problem stands on its field, and its suggestion is a click away", async () => {
    const { type, name } = await open();
    type("atlas-api");
    await screen.findByText(/forge-1 already has atlas-api/);
    expect(name.getAttribute("aria-invalid")).toBe("true");
    expect(createButton().disabled).toBe(true);
    fireEvent.click(screen.getByRole("button", { name: "Use atlas-api-2" }));
    await screen.findByText("Make atlas-api-2 from dev:1");
    await waitFor(() => expect(createButton().disabled).toBe(false));
  });

  test("asks once typing paused, not at every key", async () => {
    const { type } = await open();
    for (const text of ["e", "ex", "exp"]) type(text);
    await screen.findByText("Make exp from dev:1");
    expect(core.calls("workspace_plan").map(({ input }) => input)).toEqual([{ name: "exp", image: "dev:1" }]);
    expect(screen.getByText("The image has no web IDE")).toBeTruthy();
  });

  test("creates the plan that is shown, closes and leads to the run", async () => {
    const { type } = await open();
    type("exp");
    await waitFor(() => expect(createButton().disabled).toBe(false));
    fireEvent.click(createButton());
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(core.calls("workspace_create")[0]).toMatchObject({
      connection_id: "forge-1",
      plan: { subject: "exp", command: "podman create" },
    });
    expect(history.location.pathname).toBe("/runs/r9");
  });

  test("a server that is lost for a moment stays the one that was chosen, with all that was typed", async () => {
    const { type, name } = await open();
    type("exp");
    await waitFor(() => expect(createButton().disabled).toBe(false));
    act(() => useCore.setState({ connections: [server("forge-1", false), server("forge-2")] }));
    await screen.findByText(/forge-1 is not connected now/);
    expect((name as HTMLInputElement).value).toBe("exp");
    expect(createButton().disabled).toBe(true);
    act(() => useCore.setState({ connections: [server("forge-1"), server("forge-2")] }));
    await waitFor(() => expect(createButton().disabled).toBe(false));
    expect(new Set(core.calls("workspace_plan").map(({ connection_id }) => connection_id))).toEqual(
      new Set(["forge-1"]),
    );
  });

  test("says why the server refused, and stays open", async () => {
    core.answer("workspace_create", () => {
      throw failure("conflict", "exp was made by somebody else meanwhile");
    });
    const { type } = await open();
    type("exp");
    await waitFor(() => expect(createButton().disabled).toBe(false));
    fireEvent.click(createButton());
    await screen.findByText("Exp was made by somebody else meanwhile.");
    expect(onClose).not.toHaveBeenCalled();
  });

  test("from a Containerfile the image is built first", async () => {
    const onBuild = vi.fn();
    render(<CreateDialog onClose={onClose} onBuild={onBuild} />);
    fireEvent.click(await screen.findByRole("button", { name: "Containerfile" }));
    expect(createButton().disabled).toBe(true);
    expect(core.calls("workspace_plan")).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Type a Containerfile…" }));
    expect(onBuild).toHaveBeenCalledWith("forge-1", "text");
  });

  test("a form that cannot be loaded says so and can be asked for again", async () => {
    core.answer("workspace_form", () => {
      throw failure("unreachable", "forge-1 does not answer");
    });
    render(<CreateDialog onClose={onClose} />);
    await screen.findByText("forge-1 does not answer.");
    core.answer("workspace_form", () => form);
    fireEvent.click(screen.getByRole("button", { name: "Retry" }));
    expect(await screen.findByRole("textbox", { name: "Name" })).toBeTruthy();
  });

  test("without a server it leads to the connections", () => {
    useCore.setState({ connections: [server("down", false)] });
    render(<CreateDialog onClose={onClose} />);
    fireEvent.click(screen.getByRole("button", { name: "Show connections" }));
    expect(history.location.pathname).toBe("/connections");
  });
});

test("short fields share a row", () => {
  const names = fieldRows(form.fields).map((row) => row.map(({ name }) => name));
  expect(names).toEqual([["name"], ["image", "memory"], ["command"]]);
});
