/* Words of a lab's files: collected configurations, the topology, what travels. */
const files = (count: number) => (count === 1 ? "1 file" : `${count} files`);

export const labFiles = {
  loading: "Loading…",
  sets: "Collections",
  setOf: (moment: string) => `Collected ${moment}`,
  files: "Collected files",
  changed: "changed",
  none: {
    title: "Nothing was collected yet",
    text: "Collecting fetches the configuration of every node. Each time is kept, so that changes can be seen.",
  },
  look: { label: "How changes are shown", unified: "Unified", split: "Side by side", text: "Text" },
  diff: {
    name: (path: string) => `What changed in ${path}`,
    same: "The same as the time before.",
    folded: (count: number) => `${count === 1 ? "1 line" : `${count} lines`} that did not change`,
    added: "added",
    removed: "removed",
  },
  origin: "Where it comes from",
  noOrigin: "Moorline did not make this lab; its template is not known.",
  onServer: "On the server",
  template: "Template",
  topology: "Topology",
  commit: "Commit",
  made: "Made",
  carried: "Files of the template",
  count: files,
  travel: "On the server and here",
  compare: "Compare with the server",
  noSync: "Nothing travels, or it cannot be told without changing something.",
  upToDate: (unchanged: number) => `The server has all ${files(unchanged)} as they are here.`,
  travels: (changed: number, removed: number, unchanged: number, size: string) =>
    [
      changed > 0 && `${files(changed)} (${size}) would travel`,
      removed > 0 && `${files(removed)} would be removed`,
      `${unchanged} stay`,
    ]
      .filter(Boolean)
      .join(", "),
  source: "Topology",
  noSource: { title: "No topology", text: "The server does not show the file that this lab was made from." },
};
