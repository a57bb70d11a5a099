/* The images of all servers as one list: names, order, filter. */
import type { ConnectionId, Image, NamedImage, ServerImages } from "@/ipc";
import { messages } from "@/messages";

/** One image on one server. */
export interface ImageRow {
  key: string;
  connectionId: ConnectionId;
  server: string;
  image: Image;
}

export type ImageSegment = "all" | "used" | "unused" | "outdated";

/** The name without what says "on this server" or "the public registry". */
export const shortName = (name: string): string =>
  name.replace(/^localhost\//, "").replace(/^docker\.io\/(library\/)?/, "");

/** What an image is called in a list. */
export const labelOf = (image: Image): string =>
  image.names[0] === undefined ? image.id.replace(/^sha256:/, "").slice(0, 12) : shortName(image.names[0]);

/** An image as a run names it. */
export const named = (image: Image): NamedImage => ({ image_id: image.id, label: labelOf(image) });

/** All images; those with names first, then the newest. */
export function rowsOf(servers: readonly ServerImages[]): ImageRow[] {
  const rows = servers.flatMap(({ connection_id, connection_name, images }) =>
    images.map((image) => ({
      key: `${connection_id}/${image.id}`,
      connectionId: connection_id,
      server: connection_name,
      image,
    })),
  );
  const rank = ({ image }: ImageRow) => (image.names.length === 0 ? 1 : 0);
  return rows.sort(
    (a, b) =>
      rank(a) - rank(b) || (b.image.created_at ?? 0) - (a.image.created_at ?? 0) || (a.key < b.key ? -1 : 1),
  );
}

export function isIn(segment: ImageSegment, { image }: ImageRow): boolean {
  switch (segment) {
    case "all":
      return true;
    case "used":
      return image.used_by.length > 0;
    case "unused":
      return image.used_by.length === 0;
    case "outdated":
      return image.base.state === "outdated";
  }
}

/** Every word must be found in the names, the server, the base or what uses it. */
export function matches({ image, server }: ImageRow, query: string): boolean {
  const base = image.base.state === "unrecorded" ? "" : image.base.name;
  const users = image.used_by.map(({ name }) => name);
  const text = [...image.names, image.id, server, base, ...users].join(" ").toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** `NAME=value` lines as build arguments; the first line that is none. */
export function argumentsOf(text: string): {
  arguments: { name: string; value: string }[];
  bad: string | null;
} {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const bad = lines.find((line) => !/^[A-Za-z_][A-Za-z0-9_]*=/.test(line)) ?? null;
  const all = lines.map((line) => {
    const at = line.indexOf("=");
    return { name: line.slice(0, at), value: line.slice(at + 1) };
  });
  return { arguments: bad === null ? all : [], bad };
}

/** Why an image cannot be removed, if it cannot. */
export const heldBy = (image: Image): string | null =>
  image.used_by.length === 0
    ? null
    : messages.images.actions.inUse(image.used_by.map(({ name }) => name).join(", "));
