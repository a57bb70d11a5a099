/* Words of logs, of workspaces and of runs. */
const count = (value: number) => value.toLocaleString("en");

export const logs = {
  name: (subject: string) => `Log of ${subject}`,
  tab: (subject: string) => `Logs: ${subject}`,
  search: "Search log",
  matches: (position: number, all: number) => `${count(position)} of ${count(all)}`,
  noMatches: "no matches",
  searching: "searching…",
  next: "Next match",
  previous: "Previous match",
  follow: "Follow",
  wrap: "Wrap",
  times: "Times",
  save: "Save…",
  saved: (path: string) => `The log is in ${path}.`,
  downloaded: (name: string) => `The log is in your downloads as ${name}.`,
  partly: (lines: number) => `Only the newest ${count(lines)} lines are in it.`,
  opening: "Opening the log…",
  empty: { title: "No lines yet", text: "New lines appear here as they are written." },
  endedEmpty: { title: "This log is empty", text: "It ended without a line." },
  ended: "The log ended.",
  openAgain: "Open again",
  older: (lines: number) => `The newest ${count(lines)} lines are shown; Save… has all of them.`,
};
