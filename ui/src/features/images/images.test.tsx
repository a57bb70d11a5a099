import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { useDialogs } from "@/app/dialogs";
import { emptyCore, useCore } from "@/app/store";
import type { ConnectionView, Image, PruneList, ServerImages } from "@/ipc";
import { failure, fakeCore } from "@/test/core";
import { BuildDialog, ImagesPage, PruneDialog } from ".";
import { argumentsOf, isIn, labelOf, matches, rowsOf } from "./list";

const image = (id: string, rest: Partial<Image> = {}): Image => ({
  id,
  names: [`localhost/${id}:1`],
  size_bytes: 1024 * 1024,
  created_at: 1000,
  base: { state: "unrecorded" },
  used_by: [],
  is_dev_image: false,
  ...rest,
});

const servers = (images: Image[], rest: Partial<ServerImages> = {}): ServerImages[] => [
  { connection_id: "c1", connection_name: "forge-1", images, disk_bytes: 2048, failure: null, ...rest },
];

beforeEach(() => {
  useDialogs.setState({ open: null });
  const connection = {
    connection: { id: "c1", name: "forge-1" },
    state: { state: "connected" },
    abilities: { images: true, apply: true },
  } as unknown as ConnectionView;
  useCore.setState({ ...emptyCore, loading: { at: "ready" }, link: "open", connections: [connection] });
});

describe("the list", () => {
  const used = image("used", { used_by: [{ name: "atlas-api", workspace_id: "w1" }] });
  const old = image("old", { base: { state: "outdated", name: "debian:12", base_created_at: null } });

  test("puts images without a name last and finds every word", () => {
    const rows = rowsOf(servers([image("nameless", { names: [], created_at: 9000 }), used, old]));
    expect(rows.map((row) => row.image.id)).toEqual(["old", "used", "nameless"]);
    const found = (query: string) => rows.filter((row) => matches(row, query)).map((row) => row.image.id);
    expect(found("atlas forge")).toEqual(["used"]);
    expect(found("debian")).toEqual(["old"]);
    expect(rows.filter((row) => isIn("outdated", row))).toHaveLength(1);
    expect(rows.filter((row) => isIn("unused", row))).toHaveLength(2);
  });

  test("shortens what need not be said", () => {
    expect(labelOf(image("a", { names: ["docker.io/library/debian:12"] }))).toBe("debian:12");
    expect(labelOf(image("sha256:0123456789abcdef", { names: [] }))).toBe("0123456789ab");
  });

  test("reads build arguments line by line", () => {
    expect(argumentsOf("A=1\n\n B=x=y ").arguments).toEqual([
      { name: "A", value: "1" },
      { name: "B", value: "x=y" },
    ]);
    expect(argumentsOf("A=1\nno").bad).toBe("no");
  });

  test("shows who uses an image and which base is outdated", async () => {
    fakeCore({ images_list: () => servers([used, old]) });
    render(<ImagesPage />);
    const row = await screen.findByRole("row", { name: "used:1" });
    expect(within(row).getByText("atlas-api")).toBeTruthy();
    const other = screen.getByRole("row", { name: "old:1" });
    expect(within(other).getByText("Outdated base")).toBeTruthy();
    await userEvent.click(row);
    expect(useDialogs.getState().open).toEqual({
      dialog: "create-workspace",
      connectionId: "c1",
      image: "localhost/used:1",
    });
  });

  test("one silent server does not hide the others", async () => {
    const silent = failure("unreachable", "forge-2 is silent");
    fakeCore({
      images_list: () => [...servers([used]), ...servers([], { connection_id: "c2", failure: silent })],
    });
    render(<ImagesPage />);
    await screen.findByRole("row", { name: "used:1" });
    expect((await screen.findByRole("alert")).textContent).toContain("forge-2 is silent");
  });
});

describe("prune", () => {
  test("removes exactly what is listed, without what is kept", async () => {
    const list = (kept: string[]): PruneList => {
      const images = [image("a"), image("b")].filter(({ id }) => !kept.includes(id));
      return { images, freed_bytes: images.length * 1024 * 1024 };
    };
    const core = fakeCore({
      images_prune_list: ({ kept }) => list(kept as string[]),
      images_prune: () => ({ run_id: "r1" }),
    });
    render(<PruneDialog onClose={() => {}} />);
    await userEvent.click(await screen.findByRole("checkbox", { name: "Remove b:1" }));
    await screen.findByText("Frees 1 MiB");
    await userEvent.click(screen.getByRole("button", { name: "Remove 1 image" }));
    await waitFor(() =>
      expect(core.calls("images_prune")).toEqual([
        { connection_id: "c1", images: [{ image_id: "a", label: "a:1" }] },
      ]),
    );
  });
});

describe("build", () => {
  test("asks for a plan and sends what the form holds", async () => {
    const core = fakeCore({
      image_build_plan: () => ({
        subject: "localhost/moorline-dev:latest",
        input: {},
        steps: [{ name: "FROM", summary: "FROM $BASE" }],
        warnings: [],
        problems: [],
        command: null,
      }),
      image_build: () => ({ run_id: "r1" }),
    });
    render(<BuildDialog source="dev_image" onClose={() => {}} />);
    await screen.findByText("FROM $BASE");
    await userEvent.click(screen.getByRole("button", { name: "Build image" }));
    await waitFor(() => expect(core.calls("image_build")).toHaveLength(1));
    expect(core.calls("image_build")[0]).toEqual({
      connection_id: "c1",
      input: {
        name: "localhost/moorline-dev:latest",
        source: { from: "dev_image" },
        arguments: [],
        is_without_cache: false,
        is_base_pulled: false,
      },
    });
  });
});
