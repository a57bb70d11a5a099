/* Invented volumes. */
import type { VolumeInfo, VolumeKind } from "../generated/types";
import { DAY, HOUR, NOW } from "./connections";

const volume = (
  name: string,
  kind: VolumeKind,
  mib: number | null,
  age: number,
  user?: string,
): VolumeInfo => ({
  name,
  kind,
  size_bytes: mib === null ? null : mib * 2 ** 20,
  created_at: NOW - age,
  used_by: user
    ? [{ workspace_id: user, name: user, path: kind === "home" ? "/home/dev" : "/workspace" }]
    : [],
});

export const volumes: VolumeInfo[] = [
  volume("atlas-api-home", "home", 1840, 40 * DAY, "atlas-api"),
  volume("atlas-api-workspace", "workspace", 612, 40 * DAY, "atlas-api"),
  volume("atlas-web-home", "home", 903, 12 * DAY, "atlas-web"),
  volume("atlas-web-workspace", "workspace", 4210, 12 * DAY, "atlas-web"),
  volume("cargo-cache", "other", 15360, 90 * DAY),
  volume("probe-home", "home", null, 5 * HOUR),
];
