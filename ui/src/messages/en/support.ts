/* Words of Moorline's own log and of the support bundle. */
export const journal = {
  title: "Log",
  name: "Log of Moorline",
  levels: "Lines that matter at least so much",
  level: { error: "Errors", warn: "Warnings", info: "All", debug: "Details" },
  fileName: "moorline.log",
  toSupport: "Support bundle…",
};

export const support = {
  title: "Support bundle",
  lead: "For whoever helps you. Names of servers, people and workspaces, addresses and anything that looks like a secret are replaced.",
  making: "Gathering…",
  again: "Gather again",
  files: "Files",
  content: (name: string) => `Content of ${name}`,
  include: (name: string) => `Include ${name}`,
  replaced: (count: number) =>
    count === 1
      ? "1 name or address was replaced."
      : `${count.toLocaleString("en")} names and addresses were replaced.`,
  nothingSent: "Nothing is sent: you save a file and decide who gets it.",
  save: "Save…",
  saved: (path: string) => `The bundle is in ${path}.`,
  unsupported: "A browser cannot save it; use the desktop app, or copy what you need.",
};
