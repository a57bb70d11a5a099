/* Invented bytes for the streams: logs, measurements, a terminal. */

import type { WireHandlers } from "../contract";
import type { MetricSample, WorkspaceMetrics, WorkspaceView } from "../generated/types";
import { labRunLog, NODE_SCREEN } from "./lab-runs";
import { runLog, workspaceLog } from "./runs";

const encoder = new TextEncoder();

const send = (wire: WireHandlers | null, stream: number, text: string) =>
  setTimeout(() => wire?.chunk(stream, encoder.encode(text)), 10);

const asLines = (items: readonly object[]) => items.map((item) => `${JSON.stringify(item)}\n`).join("");

export function fillLog(wire: WireHandlers | null, stream: number): object {
  send(wire, stream, asLines(workspaceLog));
  return {};
}

export function fillRunLog(wire: WireHandlers | null, stream: number, isOfLab: boolean): object {
  send(wire, stream, asLines(isOfLab ? labRunLog : runLog));
  return {};
}

const SCREEN = [
  "\x1b[32malice@atlas-api\x1b[0m:\x1b[34m~/workspace\x1b[0m$ git status -sb",
  "## main...origin/main [ahead 2]",
  " \x1b[31mM\x1b[0m src/routes/login.rs",
  "\x1b[32malice@atlas-api\x1b[0m:\x1b[34m~/workspace\x1b[0m$ cargo run",
  "\x1b[32m   Compiling\x1b[0m atlas-api v0.9.2",
  "\x1b[32m    Finished\x1b[0m dev [unoptimized + debuginfo] target(s) in 4.71s",
  "\x1b[2m2026-11-21T11:04:19Z\x1b[0m  \x1b[32mINFO\x1b[0m listening on 0.0.0.0:3000",
  "\x1b[2m2026-11-21T11:04:31Z\x1b[0m  \x1b[33mWARN\x1b[0m pool at 9 of 10 connections",
  "",
].join("\r\n");

export function fillTerminal(wire: WireHandlers | null, stream: number, isOfNode: boolean): object {
  send(wire, stream, isOfNode ? NODE_SCREEN : SCREEN);
  return {};
}

/** Ctrl+D, as it is typed: ends the program. */
export const END_OF_INPUT = btoa("\x04");

/** A program that prints what is typed. */
export function echo(wire: WireHandlers | null, stream: number, base64: string): void {
  send(wire, stream, atob(base64).replaceAll("\r", "\r\n"));
}

/** An hour, one in twenty seconds. */
const SAMPLES = 180;

export function fillMetrics(
  wire: WireHandlers | null,
  stream: number,
  views: readonly WorkspaceView[],
): object {
  const running = views.filter(
    ({ workspace }) => workspace.state === "running" || workspace.state === "starting",
  );
  const all: WorkspaceMetrics[] = running.slice(0, 40).map((view, index) => ({
    workspace: view.workspace_ref,
    samples: Array.from({ length: SAMPLES }, (_, at) => sample(at, index)),
  }));
  send(wire, stream, asLines(all));
  return {};
}

function sample(at: number, seed: number): MetricSample {
  const wave = Math.sin(at / 7 + seed) + Math.sin(at / 2.3 + seed * 3) / 2;
  return {
    at: Date.now() - (SAMPLES - at) * 20_000,
    cpu_percent: Math.max(2, 38 + wave * 22),
    memory_bytes: (2.1 + wave / 3) * 2 ** 30,
    memory_limit_bytes: 8 * 2 ** 30,
    network_in_bytes: at * at * 140_000,
    network_out_bytes: at * 900_000,
    disk_read_bytes: at * at * 40_000,
    disk_written_bytes: at * 2_400_000,
  };
}
