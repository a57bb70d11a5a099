import { describe, expect, test } from "vitest";
import type { CoreEvent, Run, WorkspaceView } from "@/ipc";
import { connections } from "@/ipc/mock/connections";
import { runs } from "@/ipc/mock/runs";
import { makeScene } from "@/ipc/mock/scenes";
import { workspaces } from "@/ipc/mock/workspaces";
import { emptyCore, mergeEvent, mergeLists } from "./store";

const lists = { ...makeScene("rich"), descriptors: [] };
const loaded = mergeLists(emptyCore, lists);
const of = (id: string) => workspaces.filter(({ workspace_ref }) => workspace_ref.connection_id === id);

describe("lists", () => {
  test("workspaces are kept by connection", () => {
    expect(loaded.loading).toEqual({ at: "ready" });
    expect(Object.keys(loaded.workspaces).sort()).toEqual(["forge-1", "forge-2", "jump-3", "prod-eu"]);
    expect(loaded.workspaces["forge-1"]).toEqual(of("forge-1"));
  });

  test("a second load replaces what is not there any more", () => {
    const again = mergeLists(loaded, { ...lists, workspaces: of("forge-2"), runs: [] });
    expect(Object.keys(again.workspaces)).toEqual(["forge-2"]);
    expect(again.runs).toEqual({});
  });
});

describe("events", () => {
  const stopped = of("forge-1").map(
    (view): WorkspaceView =>
      view.workspace.name === "atlas-web"
        ? { ...view, workspace: { ...view.workspace, state: "stopped" } }
        : { ...view },
  );
  const event: CoreEvent = { event: "workspaces", connection_id: "forge-1", workspaces: stopped };

  test("only the changed row gets a new identity, and other connections stay as they are", () => {
    const next = mergeEvent(loaded, event);
    const before = loaded.workspaces["forge-1"] ?? [];
    const after = next.workspaces["forge-1"] ?? [];
    expect(
      after.filter((row, index) => row !== before[index]).map(({ workspace }) => workspace.name),
    ).toEqual(["atlas-web"]);
    expect(next.workspaces["forge-2"]).toBe(loaded.workspaces["forge-2"]);
  });

  test("the same event twice changes nothing more", () => {
    const once = mergeEvent(loaded, event);
    expect(mergeEvent(once, event)).toEqual(once);
  });

  test("an empty list takes the connection's rows away", () => {
    const next = mergeEvent(loaded, { event: "workspaces", connection_id: "forge-1", workspaces: [] });
    expect(Object.keys(next.workspaces)).not.toContain("forge-1");
  });

  test("a run replaces its earlier self", () => {
    const run: Run = { ...(runs[0] as Run), status: "succeeded" };
    const next = mergeEvent(loaded, { event: "run", run });
    expect(next.runs[run.id]?.status).toBe("succeeded");
    expect(Object.keys(next.runs)).toHaveLength(runs.length);
  });

  test("connections are replaced as a whole", () => {
    const next = mergeEvent(loaded, { event: "connections", connections: connections.slice(0, 1) });
    expect(next.connections).toHaveLength(1);
  });
});
