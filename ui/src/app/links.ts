import { messages } from "@/messages";
import { showToast } from "./toasts";

/** Characters that the core takes in a link as they are; the rest is written as %XX. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );

type LinkKind = "workspace" | "connection" | "tunnel" | "lab";

/** A link that another Moorline with the same names can open. */
export const linkTo = (kind: LinkKind, ...names: string[]): string =>
  `moorline://${kind}/${names.map(encode).join("/")}`;

/** Puts such a link on the clipboard. */
export function copyLink(kind: LinkKind, ...names: string[]): void {
  const link = linkTo(kind, ...names);
  navigator.clipboard.writeText(link).then(
    () => showToast({ id: "link", tone: "ok", text: messages.links.copied, detail: link, expiresMs: 5000 }),
    () => showToast({ id: "link", tone: "err", text: messages.links.notCopied, detail: link }),
  );
}
